import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { instantInWords, type LocalPeriod, periodInWords, type Tongue } from '../../time/words.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { defineTemplate, type MessageRow } from '../notifications/notifications.types.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { units } from '../organisation/organisation.tables.ts'
import { type EscalationRow, escalationsRepository } from './escalations.repository.ts'
import { gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { MESSAGES, reasonInWords } from './gap-filling.texts.ts'
import type { OfferMode, Spent } from './gap-filling.types.ts'
import { type OfferFacts, offersRepository } from './offers.repository.ts'
import { searchesRepository } from './searches.repository.ts'
import { nextWave, searchPolicy } from './waves.rules.ts'

interface OfferToTell {
  seat: SeatRow
  mode?: OfferMode
  offer: OfferFacts['offer']
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
})

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

async function modeOf(handle: Handle, { gap, seat }: { gap: OfferFacts['gap']; seat: SeatRow }, now: Date) {
  const line = await organisationRepository(handle).ancestry({ path: seat.unitPath })
  const policy = searchPolicy(effectivePolicy(line.map((unit) => unit.policy)), gap.search)
  return nextWave(seat, policy, 1, now).mode
}

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

type Said = {
  [K in keyof typeof MESSAGES.zh]: (typeof MESSAGES.zh)[K] extends { subject: string; text: string } ? K : never
}[keyof typeof MESSAGES.zh]

const textsOf = (kind: Said) =>
  ({ zh: MESSAGES.zh[kind], en: MESSAGES.en[kind], bo: MESSAGES.bo[kind] }) satisfies Record<Locale, object>

const over = (kind: Said) =>
  defineTemplate<OfferToTell>({ urgent: true, load: loadOver, words: offerWords, texts: textsOf(kind) })

export const gapFillingTemplates = {
  offer: defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message, now) {
      const found = await readOffer(handle, message)
      if (found?.offer.state !== 'open') return undefined
      const { id: subjectId, expiresAt: usefulUntil } = found.offer
      return {
        facts: { ...found, mode: await modeOf(handle, found, now) },
        link: { purpose: 'offer', subjectId, expiresAt: found.seat.endsAt, usefulUntil, path: OFFER_PATH },
      }
    },
    words: offerWords,
    texts: textsOf('offer'),
  }),
  'offer-accepted': defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readOffer(handle, message)
      if (!found?.holder || found.holder.volunteerId !== found.offer.volunteerId) return undefined
      if (found.holder.state !== 'confirmed') return undefined
      const { id: subjectId } = found.holder
      const expiresAt = new Date(found.seat.endsAt.getTime() + CHECK_OUT_LATE_MS)
      return { facts: found, link: { purpose: 'attendance', subjectId, expiresAt, path: '/a' } }
    },
    words: offerWords,
    texts: textsOf('accepted'),
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
}
