import type { Measure, RuleInstance } from './types.ts'

const HOUR = 60
const DAY = 24 * HOUR

/**
 * The rules a unit starts with. A 24 h duty every other day for a week (four of them, 96 h in seven days, exactly 24 h
 * of rest between two) is legal. One night, weekend duty or holiday duty too many weighs as much as four hours too many,
 * a call at short notice about as much as three. Replace an entry by giving a rule with the same id.
 */
export function defaultRules(): RuleInstance[] {
  return [
    { id: 'qualification', rule: 'qualification', params: {}, strength: 'hard' },
    { id: 'clearance', rule: 'clearance', params: {}, strength: 'hard' },
    { id: 'language', rule: 'language', params: {}, strength: 'hard' },
    { id: 'grade', rule: 'grade', params: {}, strength: 'hard' },
    { id: 'person-class', rule: 'person-class', params: {}, strength: 'hard' },
    { id: 'unit', rule: 'unit', params: {}, strength: 'hard' },
    { id: 'echelon-on-turn', rule: 'echelon-on-turn', params: {}, strength: 'hard' },
    { id: 'no-overlap', rule: 'no-overlap', params: {}, strength: 'hard' },
    {
      id: 'minimum-rest',
      rule: 'minimum-rest',
      params: { minutes: 12 * HOUR, long: [{ fromMinutes: DAY, minutes: DAY }] },
      strength: 'hard',
    },
    { id: 'absence', rule: 'absence', params: {}, strength: 'hard' },
    { id: 'unavailable', rule: 'unavailable', params: {}, strength: 'hard' },
    { id: 'availability', rule: 'availability', params: {}, strength: 'hard' },
    { id: 'excluded', rule: 'excluded', params: {}, strength: 'hard' },
    { id: 'pinned', rule: 'pinned', params: {}, strength: 'hard' },
    { id: 'linked-slots', rule: 'linked-slots', params: {}, strength: 'hard' },
    {
      id: 'hours-in-7-days',
      rule: 'load-limit',
      params: { measure: 'minutes', window: { per: 'rolling', days: 7 }, max: 4 * DAY },
      strength: 'hard',
    },
    { id: 'consecutive-days', rule: 'consecutive-days', params: { max: 6 }, strength: 'hard' },
    { id: 'least-change', rule: 'least-change', params: {}, strength: { weight: 1 } },
    fairInGroup('fair-hours', 'minutes', 1),
    fairInGroup('fair-nights', 'nights', 16),
    fairInGroup('fair-weekends', 'weekendShifts', 16),
    fairInGroup('fair-holidays', 'holidays', 16),
    fairInGroup('fair-short-notice', 'shortNotice', 8),
    { id: 'undesired', rule: 'undesired', params: {}, strength: { weight: 10 } },
    { id: 'preferred', rule: 'preferred', params: {}, strength: { weight: 5 } },
    { id: 'tier-order', rule: 'tier-order', params: {}, strength: { weight: 20 } },
  ]
}

const fairInGroup = (id: string, measure: Measure, weight: number): RuleInstance => ({
  id,
  rule: 'fair-share',
  params: { measure, within: 'group' },
  strength: { weight },
})

/** The rules of `base`, with those of `changes` put in place of the ones with the same id, the others added. */
export function withRules(base: RuleInstance[], changes: RuleInstance[]): RuleInstance[] {
  const byId = new Map(base.map((rule) => [rule.id, rule]))
  for (const rule of changes) byId.set(rule.id, rule)
  return [...byId.values()]
}
