import type { Locale } from '../../platform/texts/catalogue.ts'
import type { Wording, Wordings } from './announcements.types.ts'

const MINUTE = 60_000

/** The wording in the reader's language, or in the nearest there is: Chinese, then English, then any. */
export function wordingFor(texts: Wordings, locale: Locale): { locale: Locale; wording: Wording } {
  const order: Locale[] = [locale, 'zh', 'en', ...(Object.keys(texts) as Locale[])]
  const best = order.find((one) => texts[one])!
  return { locale: best, wording: texts[best]! }
}

export interface ChasePlan {
  remindAfterMinutes: number[]
  escalateAfterMinutes: number | null
}

export interface ChaseStep {
  step: number
  kind: 'remind' | 'escalate'
  dueAt: Date
}

/** All that is done about those who do not answer, in order of time; reminders come before an escalation of the same time. */
export function chaseSteps(publishedAt: Date, { remindAfterMinutes, escalateAfterMinutes }: ChasePlan): ChaseStep[] {
  const steps = [
    ...remindAfterMinutes.map((minutes) => ({ kind: 'remind' as const, minutes })),
    ...(escalateAfterMinutes === null ? [] : [{ kind: 'escalate' as const, minutes: escalateAfterMinutes }]),
  ]
  const rank = { remind: 0, escalate: 1 }
  return steps
    .sort((a, b) => a.minutes - b.minutes || rank[a.kind] - rank[b.kind])
    .map(({ kind, minutes }, step) => ({ step, kind, dueAt: new Date(publishedAt.getTime() + minutes * MINUTE) }))
}

export interface Standing {
  state: 'active' | 'stopped' | 'expired'
  requiredRevision: number
  expiresAt: Date | null
  acknowledgedRevision: number | null
}

/** How an announcement stands for one person: an answer to an older wording counts until the wording has changed materially. */
export function standingOf(one: Standing, now: Date): 'open' | 'changed' | 'acknowledged' | 'over' {
  if (one.acknowledgedRevision !== null && one.acknowledgedRevision >= one.requiredRevision) return 'acknowledged'
  if (one.state !== 'active' || (one.expiresAt && one.expiresAt <= now)) return 'over'
  return one.acknowledgedRevision === null ? 'open' : 'changed'
}

/** Names of a list as a message can carry them: the first ones, and how many more there are. */
export function nameList(lines: string[], most: number, more: (count: number) => string): string {
  const shown = lines.slice(0, most).map((line) => `- ${line}`)
  return [...shown, ...(lines.length > most ? [more(lines.length - most)] : [])].join('\n')
}
