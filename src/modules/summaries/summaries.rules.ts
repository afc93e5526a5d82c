import type { Figures, Share } from './summaries.types.ts'

const rounded = (value: number) => Math.round(value * 10) / 10

export interface Position extends Share {
  dutiesAbove: number
  nightsAbove: number
  minutesAbove: number
}

/** How far somebody is from their share; to a tenth, minutes whole. */
export const positionOf = (figures: Pick<Figures, keyof Share>, share: Share): Position => ({
  duties: rounded(share.duties),
  nights: rounded(share.nights),
  minutes: Math.round(share.minutes),
  dutiesAbove: rounded(figures.duties - share.duties),
  nightsAbove: rounded(figures.nights - share.nights),
  minutesAbove: Math.round(figures.minutes - share.minutes),
})

/** What is said about it: whole nights first, else whole duties; undefined within half a duty of the share. */
export function standing({
  nightsAbove,
  dutiesAbove,
}: Position): { of: 'nights' | 'duties'; above: number } | undefined {
  const [nights, duties] = [nightsAbove, dutiesAbove].map((value) => Math.sign(value) * Math.round(Math.abs(value)))
  if (nights) return { of: 'nights', above: nights }
  return duties ? { of: 'duties', above: duties } : undefined
}
