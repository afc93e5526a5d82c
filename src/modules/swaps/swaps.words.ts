import type { Interval } from '../../time/intervals.ts'
import { periodInWords, type Tongue } from '../../time/words.ts'
import { instantToWall } from '../../time/zones.ts'
import { put, TEXTS } from './swaps.texts.ts'
import type { SwapKind } from './swaps.types.ts'

export interface Seat extends Interval {
  startLocal: string
  endLocal: string
  zone: string
  postName: string
  role: string
}

export interface DealWords {
  kind: SwapKind
  duty: Seat
  returned?: Seat | undefined
  part?: Interval | undefined
  askerName: string
}

/** A part of a seat, told by its own times. */
export const partOfSeat = (seat: Seat, part: Interval): Seat => ({
  ...seat,
  ...part,
  startLocal: instantToWall(part.startsAt, seat.zone),
  endLocal: instantToWall(part.endsAt, seat.zone),
})

export const seatInWords = (seat: Seat, tongue: Tongue): string =>
  [periodInWords(seat, tongue), seat.postName, seat.role].join(tongue === 'zh' ? '，' : ', ')

/** Words for what changes hands: the duty or its part, what is given in return, the duty as a whole. */
export const wordsOf = ({ duty, returned, part, askerName }: DealWords, tongue: Tongue) => ({
  asker: askerName,
  duty: seatInWords(part ? partOfSeat(duty, part) : duty, tongue),
  whole: seatInWords(duty, tongue),
  returned: returned ? seatInWords(returned, tongue) : '',
})

/** What somebody wishes, in a sentence or two. */
export function dealInWords(deal: DealWords, tongue: Tongue): string {
  const { deals } = TEXTS[tongue]
  const text = deal.kind === 'trade' && deal.returned ? deals.tradeFor : deals[deal.kind]
  return put(text, wordsOf(deal, tongue))
}
