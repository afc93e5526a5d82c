import type { Handle } from '../../platform/db/client.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { later } from '../../time/intervals.ts'
import { dutyBriefly, instantInWords, type Tongue } from '../../time/words.ts'
import { defineTemplate, type MessageLink, type MessageRow } from '../notifications/notifications.types.ts'
import { peopleRepository } from './people.repository.ts'
import { partOf } from './swaps.eligibility.ts'
import { type DutyRow, type SwapRow, swapsRepository } from './swaps.repository.ts'
import { SHORT } from './swaps.short-texts.ts'
import type { SwapState } from './swaps.states.ts'
import { put, reasonInWords, TEXTS, type TemplateName } from './swaps.texts.ts'
import { type DealWords, dealInWords, partOfSeat, seatInWords, wordsOf } from './swaps.words.ts'

export const SWAP_PATH = '/s'
const CHECK_OUT_LATE_MS = 12 * 3_600_000
/** How long the link to a person's own duties and the board is good for. */
const BOARD_DAYS_MS = 30 * 86_400_000

interface SwapFacts {
  swap: SwapRow
  deal: DealWords & { duty: DutyRow; returned?: DutyRow | undefined }
  takerName: string
  readerId: string | null
}

export async function readSwap(handle: Handle, swapId: string, readerId: string | null): Promise<SwapFacts> {
  const repository = swapsRepository(handle)
  const swap = (await repository.find(swapId))!
  const duties = await repository.findDuties([swap.assignmentId, ...(swap.returnId ? [swap.returnId] : [])])
  const names = await peopleRepository(handle).namesOf([swap.askerId, ...(swap.takerId ? [swap.takerId] : [])])
  const duty = duties.find((one) => one.id === swap.assignmentId)!
  const returned = duties.find((one) => one.id === swap.returnId)
  const deal = { kind: swap.kind, duty, returned, part: partOf(swap), askerName: names.get(swap.askerId)! }
  return { swap, deal, takerName: swap.takerId ? names.get(swap.takerId)! : '', readerId }
}

/** Good as long as the duties last, so that the page can be looked at again. */
const linkTo = ({ swap, deal }: SwapFacts): MessageLink => ({
  purpose: 'swap',
  subjectId: swap.id,
  expiresAt: deal.returned ? later(deal.duty.endsAt, deal.returned.endsAt) : deal.duty.endsAt,
  path: SWAP_PATH,
})

const whileIn =
  (...states: SwapState[]) =>
  async (handle: Handle, message: MessageRow) => {
    const facts = await readSwap(handle, message.subjectId, message.volunteerId)
    if (!states.includes(facts.swap.state)) return undefined
    const link = message.volunteerId ? { link: linkTo(facts) } : {}
    return { facts, ...link, notAfter: facts.swap.waitsUntil }
  }

const KINDS = { give: 'Give', trade: 'Trade', cover: 'Cover' } as const
const roleOf = ({ swap, readerId }: SwapFacts) =>
  `${readerId === swap.askerId ? 'asker' : 'taker'}${KINDS[swap.kind]}` as const

function outcomeInWords(facts: SwapFacts, tongue: Tongue): string {
  const text = TEXTS[tongue].applied[roleOf(facts)]
  return put(text, { ...wordsOf(facts.deal, tongue), taker: facts.takerName })
}

/** The duty a text message names: the part, where it is about one; after a trade the one that the reader has now. */
function seatInMind(facts: SwapFacts) {
  const { duty, part, returned } = facts.deal
  const hasTraded = facts.swap.state === 'applied' && roleOf(facts) === 'askerTrade'
  if (hasTraded && returned) return returned
  return part ? partOfSeat(duty, part) : duty
}

const words = (facts: SwapFacts, tongue: Tongue): Record<string, string> => {
  const { swap, deal, takerName } = facts
  const texts = TEXTS[tongue]
  const reason = swap.reason ? reasonInWords(swap.reason, tongue) : ''
  return {
    ...wordsOf(deal, tongue),
    deal: dealInWords(deal, tongue),
    taker: takerName,
    holder: deal.duty.volunteerName,
    waitsUntil: instantInWords(swap.waitsUntil, deal.duty.zone, tongue),
    note: swap.note ? `${texts.note}: ${swap.note}\n\n` : '',
    state: swap.state === 'open' ? texts.states.open : texts.states[swap.state],
    reason: reason && (tongue === 'zh' ? `（${reason}）` : ` (${reason})`),
    outcome: outcomeInWords(facts, tongue),
    wish: SHORT[tongue].wishes[swap.kind],
    done: SHORT[tongue].done[roleOf(facts)],
    brief: dutyBriefly(seatInMind(facts), tongue),
  }
}

const inAll = <T>(said: (locale: Locale) => T) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, said(locale)])) as Record<Locale, T>

const textsOf = (name: TemplateName) => inAll((locale) => TEXTS[locale].templates[name])
const shortOf = (name: keyof (typeof SHORT)['zh']['templates']) => inAll((locale) => SHORT[locale].templates[name])

const aboutSwap = (name: TemplateName & keyof (typeof SHORT)['zh']['templates'], ...states: SwapState[]) =>
  defineTemplate<SwapFacts>({ load: whileIn(...states), words, texts: textsOf(name), short: shortOf(name) })

export const swapTemplates = {
  'swap-asked': aboutSwap('swap-asked', 'open'),
  'swap-reminder': aboutSwap('swap-reminder', 'open'),
  'swap-still-open': aboutSwap('swap-still-open', 'open'),
  'swap-accepted': aboutSwap('swap-accepted', 'accepted'),
  'swap-to-approve': defineTemplate<SwapFacts>({
    load: whileIn('accepted'),
    words,
    texts: textsOf('swap-to-approve'),
  }),
  'swap-applied': aboutSwap('swap-applied', 'applied'),
  'swap-over': aboutSwap('swap-over', 'rejected', 'expired', 'withdrawn'),
  'swap-board': defineTemplate<object>({
    async load(_handle, { subjectId }, now) {
      const expiresAt = new Date(now.getTime() + BOARD_DAYS_MS)
      return { facts: {}, link: { purpose: 'swap', subjectId, expiresAt, path: SWAP_PATH } }
    },
    words: () => ({}),
    texts: textsOf('swap-board'),
  }),
  'gap-taken': defineTemplate<DutyRow>({
    urgent: true,
    async load(handle, { subjectId }) {
      const [duty] = await swapsRepository(handle).findDuties([subjectId])
      if (duty?.state !== 'confirmed') return undefined
      const expiresAt = new Date(duty.endsAt.getTime() + CHECK_OUT_LATE_MS)
      return { facts: duty, link: { purpose: 'attendance', subjectId, expiresAt, path: '/a' } }
    },
    words: (duty, tongue) => ({ duty: seatInWords(duty, tongue), brief: dutyBriefly(duty, tongue) }),
    texts: textsOf('gap-taken'),
    short: shortOf('gap-taken'),
  }),
}
