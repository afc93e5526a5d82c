import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import {
  dueBriefly,
  dutyBriefly,
  instantInWords,
  type LocalPeriod,
  periodInWords,
  type Tongue,
} from '../../time/words.ts'
import { instantToWall, timeOf } from '../../time/zones.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { defineTemplate, type MessageLink, type MessageRow } from '../notifications/notifications.types.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { units } from '../organisation/organisation.tables.ts'
import { type EscalationRow, escalationsRepository } from './escalations.repository.ts'
import { gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { MESSAGES, reasonInWords } from './gap-filling.texts.ts'
import type { OfferMode, Spent } from './gap-filling.types.ts'
import { type OfferFacts, offersRepository } from './offers.repository.ts'
import { searchesRepository } from './searches.repository.ts'
import { summariesRepository } from './summaries.repository.ts'
import { nextWave, searchPolicy } from './waves.rules.ts'

interface OfferToTell {
  seat: SeatRow
  mode?: OfferMode
  offer: OfferFacts['offer']
}

interface TakenToTell extends OfferToTell {
  arriveBy: Date
}

interface GapToTell {
  seat: SeatRow
  asked: number
  lapses: number
  spent: (Spent & { name: string })[]
  step: EscalationRow
  /** The level below that has not reacted. */
  below: string | undefined
}

export const OFFER_PATH = '/o'
const CHECK_OUT_LATE_MS = 7 * 86_400_000

export const seatInWords = (seat: LocalPeriod & Pick<SeatRow, 'postName' | 'role'>, tongue: Tongue): string =>
  [periodInWords(seat, tongue), seat.postName, seat.role].join(tongue === 'zh' ? '，' : ', ')

async function readOffer(handle: Handle, message: MessageRow) {
  const repository = gapFillingRepository(handle)
  const found = await offersRepository(handle).findOffer(message.subjectId)
  return found && { ...found, seat: (await repository.findSeat(found.offer.slotId))! }
}

const put = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

const offerWords = ({ seat, offer, mode = 'first' }: OfferToTell, tongue: Tongue) => ({
  unit: seat.unitName,
  how: MESSAGES[tongue].how[mode],
  duty: seatInWords(seat, tongue),
  expiresAt: instantInWords(offer.expiresAt, seat.zone, tongue),
  brief: dutyBriefly(seat, tongue),
  briefHow: MESSAGES[tongue].briefHow[mode],
  due: dueBriefly(offer.expiresAt, seat.startsAt, seat.zone, tongue),
})

const takenWords = (facts: TakenToTell, tongue: Tongue) => {
  const { seat, arriveBy } = facts
  return {
    ...offerWords(facts, tongue),
    arriveBy: instantInWords(arriveBy, seat.zone, tongue),
    time: timeOf(instantToWall(arriveBy, seat.zone)),
    bring: seat.instructions ? put(MESSAGES[tongue].bring, { bring: seat.instructions }) : '',
  }
}

/** Whoever was never told of an offer need not hear that it is over. */
async function wasTold(handle: Handle, offerId: string): Promise<boolean> {
  const [told] = await handle
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.subjectId, offerId),
        eq(messages.template, 'offer'),
        inArray(messages.state, ['sending', 'accepted', 'delivered', 'unknown']),
      ),
    )
  return told !== undefined
}

async function loadOver(handle: Handle, message: MessageRow) {
  const found = await readOffer(handle, message)
  return found && (await wasTold(handle, found.offer.id)) ? { facts: found } : undefined
}

async function policyOf(handle: Handle, { unitPath: path }: SeatRow) {
  const line = await organisationRepository(handle).ancestry({ path })
  return effectivePolicy(line.map((unit) => unit.policy))
}

const modeOf = async (handle: Handle, { gap, seat }: { gap: OfferFacts['gap']; seat: SeatRow }, now: Date) =>
  nextWave(seat, searchPolicy(await policyOf(handle, seat), gap.search), 1, now).mode

const MINUTE = 60_000

const nameOfUnit = async (handle: Handle, id: string) =>
  (await handle.select({ name: units.name }).from(units).where(eq(units.id, id)))[0]?.name

/** Nothing to tell once the gap is closed. */
async function loadGap(handle: Handle, message: MessageRow) {
  const found = await gapFillingRepository(handle).findGap(message.subjectId)
  const step = await escalationsRepository(handle).find(message.params.escalationId ?? '')
  if (found?.gap.state !== 'open' || !step) return undefined
  const { gap } = found
  const searches = await searchesRepository(handle).cascadesOf(gap.id)
  const spent = searches.at(-1)?.history ?? []
  const names = await gapFillingRepository(handle).tierNames(spent.flatMap((one) => one.echelonId ?? one.unitId ?? []))
  const climb = await escalationsRepository(handle).ofClimb(gap.id, step.climb)
  const lower = climb.find((one) => one.level === step.level - 1)
  const facts: GapToTell = {
    seat: (await gapFillingRepository(handle).findSeat(gap.slotId))!,
    asked: (await offersRepository(handle).offersOf(gap.id)).length,
    lapses: await searchesRepository(handle).lapsesFor(gap.slotId),
    spent: spent.map((one) => ({ ...one, name: names.get(one.echelonId ?? one.unitId ?? '') ?? '' })),
    step,
    below: lower && (await nameOfUnit(handle, lower.unitId)),
  }
  return { facts, state: searches.at(-1)?.state }
}

const gapWords = ({ seat, asked, lapses, spent, step, below }: GapToTell, tongue: Tongue) => ({
  duty: seatInWords(seat, tongue),
  asked: String(asked),
  lapses: String(lapses),
  reactBy: instantInWords(step.reactBy, seat.zone, tongue),
  tiers: spent.map(({ name, because }) => `- ${name}: ${reasonInWords(because, tongue)}`).join('\n') || '-',
  below: below === undefined ? '' : put(MESSAGES[tongue].below, { unit: below }),
})

interface GapsToTell {
  unit: string
  gaps: Awaited<ReturnType<ReturnType<typeof summariesRepository>['openUnder']>>
  searches: Awaited<ReturnType<ReturnType<typeof summariesRepository>['searchesFor']>>
}

/** Lists longer than this say how many there are. */
const MOST_LINES = 20

function gapsWords({ unit, gaps, searches }: GapsToTell, tongue: Tongue) {
  const words = MESSAGES[tongue].searches
  const lines = gaps
    .slice(0, MOST_LINES)
    .map((one) => `${seatInWords(one, tongue)}: ${words[searches.get(one.gapId) ?? 'none']}`)
  if (gaps.length > MOST_LINES) lines.push(`… (${gaps.length})`)
  return { unit, count: String(gaps.length), gaps: lines.map((line) => `\n- ${line}`).join('') }
}

type Said = {
  [K in keyof typeof MESSAGES.zh]: (typeof MESSAGES.zh)[K] extends { subject: string; text: string } ? K : never
}[keyof typeof MESSAGES.zh]

const textsOf = (kind: Said) =>
  ({ zh: MESSAGES.zh[kind], en: MESSAGES.en[kind], bo: MESSAGES.bo[kind] }) satisfies Record<Locale, object>

type Short = {
  [K in keyof typeof MESSAGES.zh]: (typeof MESSAGES.zh)[K] extends { short: string } ? K : never
}[keyof typeof MESSAGES.zh]

const shortOf = (kind: Short) =>
  ({ zh: MESSAGES.zh[kind].short, en: MESSAGES.en[kind].short, bo: MESSAGES.bo[kind].short }) satisfies Record<
    Locale,
    string
  >

const over = (kind: Short) =>
  defineTemplate<OfferToTell>({
    urgent: true,
    load: loadOver,
    words: offerWords,
    texts: textsOf(kind),
    short: shortOf(kind),
  })

const offerLink = ({ offer, seat }: OfferToTell): MessageLink => ({
  purpose: 'offer',
  subjectId: offer.id,
  expiresAt: seat.endsAt,
  usefulUntil: offer.expiresAt,
  path: OFFER_PATH,
})

export const gapFillingTemplates = {
  offer: defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message, now) {
      const found = await readOffer(handle, message)
      if (found?.offer.state !== 'open') return undefined
      return { facts: { ...found, mode: await modeOf(handle, found, now) }, link: offerLink(found) }
    },
    words: offerWords,
    texts: textsOf('offer'),
    short: shortOf('offer'),
  }),
  /** To whoever could come, as long as it is not settled who does. */
  'offer-noted': defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readOffer(handle, message)
      return found?.offer.state === 'open' && found.offer.willingAt
        ? { facts: found, link: offerLink(found) }
        : undefined
    },
    words: offerWords,
    texts: textsOf('noted'),
    short: shortOf('noted'),
  }),
  'offer-accepted': defineTemplate<TakenToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readOffer(handle, message)
      if (!found?.holder || found.holder.volunteerId !== found.offer.volunteerId) return undefined
      if (found.holder.state !== 'confirmed') return undefined
      const { id: subjectId } = found.holder
      const expiresAt = new Date(found.seat.endsAt.getTime() + CHECK_OUT_LATE_MS)
      const { arriveBeforeMinutes } = await policyOf(handle, found.seat)
      const arriveBy = new Date(found.seat.startsAt.getTime() - arriveBeforeMinutes * MINUTE)
      const link: MessageLink = { purpose: 'attendance', subjectId, expiresAt, path: '/a' }
      return { facts: { ...found, arriveBy }, link }
    },
    words: takenWords,
    texts: textsOf('accepted'),
    short: shortOf('accepted'),
  }),
  'offer-filled': over('filled'),
  'offer-not-awarded': over('notAwarded'),
  'offer-withdrawn': over('withdrawn'),
  'gap-exhausted': defineTemplate<GapToTell>({
    urgent: true,
    async load(handle, message) {
      const loaded = await loadGap(handle, message)
      return loaded?.state === 'exhausted' ? loaded : undefined
    },
    words: gapWords,
    texts: textsOf('exhausted'),
  }),
  'gap-at-risk': defineTemplate<GapToTell>({ urgent: true, load: loadGap, words: gapWords, texts: textsOf('atRisk') }),
  'gap-summary': defineTemplate<GapsToTell>({
    async load(handle, message) {
      const unit = await organisationRepository(handle).findUnit(message.unitId!)
      const open = await summariesRepository(handle).openUnder(message.unitId!)
      if (!unit || open.length === 0) return undefined
      const searches = await summariesRepository(handle).searchesFor(open.map((one) => one.gapId))
      return { facts: { unit: unit.name, gaps: open, searches } }
    },
    words: gapsWords,
    texts: textsOf('summary'),
  }),
}
