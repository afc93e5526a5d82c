/** People, shifts and slots of a duty problem, put together one by one. */
import type { Crew, Person, Shift, Slot } from '../../src/solver/index.ts'
import { createRandom, type Random } from '../../src/solver/random.ts'

export const HOUR = 60
export const DAY = 24 * HOUR
/** Monday 2026-11-02, and its 08:00 in a zone eight hours east of UTC. */
export const FIRST_DAY = 20_759
export const FIRST_START = FIRST_DAY * DAY

export class Builder {
  readonly people: Person[] = []
  readonly shifts: Shift[] = []
  readonly slots: Slot[] = []
  readonly crews: Crew[] = []
  readonly random: Random

  constructor(seed: number) {
    this.random = createRandom(seed)
  }

  person(id: string, facts: Omit<Person, 'id'>, days: number): void {
    const absences = this.random.below(20) === 0 ? [this.absence(days)] : []
    this.people.push({ id, ...facts, ...(absences.length > 0 ? { absences } : {}) })
  }

  absence(days: number) {
    const start = FIRST_START + this.random.below(days) * DAY
    return { start, end: start + DAY, reason: 'leave' }
  }

  shift(id: string, postId: string, day: number, fromMinute: number, minutes: number, tag?: string): string {
    const startsAt = FIRST_START + day * DAY + fromMinute
    const weekend = (FIRST_DAY + day + 3) % 7 >= 5
    this.shifts.push({
      id,
      postId,
      templateId: `${postId}@${fromMinute}`,
      startsAt,
      endsAt: startsAt + minutes,
      day: FIRST_DAY + day,
      minutes,
      nightMinutes: nightMinutes(fromMinute, minutes),
      weekendMinutes: weekend ? minutes : 0,
      ...(tag ? { tags: [tag] } : {}),
    })
    return id
  }

  slot(shiftId: string, role: string, seat: number, requirement: NonNullable<Slot['requirement']>): void {
    this.slots.push({ id: `${shiftId}/${role}${seat}`, shiftId, role, seat, need: 'mandatory', requirement })
  }
}

/** Minutes between 22:00 and 06:00 of a duty that starts so many minutes after 08:00. */
function nightMinutes(fromMinute: number, minutes: number): number {
  let sum = 0
  for (let night = 14 * HOUR - DAY; night < fromMinute + minutes; night += DAY) {
    sum += Math.max(0, Math.min(fromMinute + minutes, night + 8 * HOUR) - Math.max(fromMinute, night))
  }
  return sum
}
