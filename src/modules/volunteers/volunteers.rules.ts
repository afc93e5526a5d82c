import { isLocalDate, type LocalDate } from '../../time/zones.ts'

/** Born on this day or before, one is at least `age` years old on `day`; as `ageOn` counts, 29 February included. */
export function lastBirthOf(age: number, day: LocalDate): LocalDate {
  const birth = `${String(Number(day.slice(0, 4)) - age).padStart(4, '0')}${day.slice(4)}`
  return isLocalDate(birth) ? birth : `${birth.slice(0, 8)}28`
}

/** Text for `like` that means itself, whatever wildcards it contains. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`)
