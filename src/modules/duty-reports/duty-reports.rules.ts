import { occurrences, ruleOf } from '../../time/recurrence.ts'
import { addLocalDays, type LocalDate, type LocalDateTime, localDay, wallToInstant } from '../../time/zones.ts'
import { isFiled, type ReportState } from './duty-reports.states.ts'
import type { Addressee, Content, ReportSchema, Worded } from './duty-reports.types.ts'

const MINUTE_MS = 60_000
/** Reports are written down so many days ahead. */
export const HORIZON_DAYS = 3

export interface DueTimes {
  rule: string
  dueTime: string
  zone: string
  effectiveFrom: LocalDate
  effectiveTo: LocalDate | null
}

export interface Deadline {
  dueLocal: LocalDateTime
  dueAt: Date
}

/** Deadlines still to come, as far ahead as reports are written down. Of a wall time that comes twice the last counts. */
export function deadlinesAhead(times: DueTimes, now: Date): Deadline[] {
  const today = localDay(now, times.zone)
  const recurrence = {
    rule: ruleOf(times.rule),
    startTime: times.dueTime,
    effectiveFrom: times.effectiveFrom,
    effectiveTo: times.effectiveTo ?? undefined,
  }
  return occurrences(recurrence, today, addLocalDays(today, HORIZON_DAYS + 1))
    .map((dueLocal) => ({ dueLocal, dueAt: wallToInstant(dueLocal, times.zone, 'end') }))
    .filter(({ dueAt }) => dueAt > now)
}

/** When the deadlines ahead have to be looked at again: a day later, or never after the end. */
export const nextPlanning = (times: Pick<DueTimes, 'effectiveTo' | 'zone'>, now: Date): Date | undefined => {
  const over = times.effectiveTo !== null && times.effectiveTo <= localDay(now, times.zone)
  return over ? undefined : new Date(now.getTime() + 24 * 60 * MINUTE_MS)
}

export const minutesBefore = (instant: Date, minutes: number): Date => new Date(instant.getTime() - minutes * MINUTE_MS)
export const minutesAfter = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * MINUTE_MS)

/** The states a filing leads through, in order; none: an amendment, the state stays. */
export function statesToFile(state: ReportState, dueAt: Date, now: Date): ReportState[] {
  if (isFiled(state)) return []
  if (state !== 'due') return ['filed_late']
  return now <= dueAt ? ['filed'] : ['late', 'filed_late']
}

/** The state the clock alone leads to. */
export function stateByClock(
  { state, dueAt }: { state: ReportState; dueAt: Date },
  missingAfterMinutes: number,
  now: Date,
): ReportState {
  if (state === 'due' && now >= dueAt) return 'late'
  if (state === 'late' && now >= minutesAfter(dueAt, missingAfterMinutes)) return 'missing'
  return state
}

/** Sums of what the children say, for each figure of the parent's schema that a child has under the same name. */
export function sumsOf(schema: ReportSchema, children: { content: Content | null }[]): Record<string, number> {
  const figures = Object.entries(schema.properties).filter(
    ([, field]) => field.type === 'integer' || field.type === 'number',
  )
  const sums = figures.flatMap(([name, field]): [string, number][] => {
    const said = children.map(({ content }) => content?.[name]).filter((value) => typeof value === 'number')
    if (said.length === 0) return []
    const sum = said.reduce((total, value) => total + value, 0)
    return [[name, field.type === 'integer' ? Math.round(sum) : Number(sum.toPrecision(12))]]
  })
  return Object.fromEntries(sums)
}

/** Says "the same receiver". */
export function receiverKey(receiver: Addressee): string {
  if ('volunteerId' in receiver) return `volunteer/${receiver.volunteerId}`
  if ('unitId' in receiver) return `unit/${receiver.unitId}`
  return `${receiver.channel}/${receiver.address.toLowerCase()}`
}

/** Words in a language; what is missing is said in Chinese, then in whatever there is. */
export const wordsIn = (words: Worded | undefined, locale: 'zh' | 'en' | 'bo'): string | undefined =>
  words?.[locale] ?? (locale === 'bo' ? words?.zh : undefined) ?? words?.zh ?? words?.en ?? words?.bo
