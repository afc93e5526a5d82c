import { evaluate } from '../../../../src/solver/index.ts'
import { RULES } from '../../../../src/solver/rules/index.ts'
import type { RuleName } from '../../../../src/solver/rules/params.ts'
import { roster } from '../build.ts'
import { EXAMPLES } from './examples.ts'

/** What the code does not say of itself: family, what a rule looks at, what one point is, where its tests are. */
const ROWS: [family: string, name: RuleName, field: string, point: string, tests: string][] = [
  [
    'Fit',
    'qualification',
    '`Requirement.qualifications`, `Person.qualifications` with validity',
    'a paper missing',
    'rules/fit.test.ts',
  ],
  ['Fit', 'clearance', '`Requirement.clearances`, `Person.clearances`', 'a paper missing', 'rules/fit.test.ts'],
  ['Fit', 'language', '`Requirement.languages`, `Person.languages`', 'a language missing', 'rules/fit.test.ts'],
  ['Fit', 'grade', '`Requirement.grades`, `Person.grade`', 'an assignment', 'rules/fit.test.ts'],
  ['Fit', 'person-class', '`Requirement.personClasses`, `Person.personClass`', 'an assignment', 'rules/fit.test.ts'],
  ['Fit', 'unit', '`Requirement.units`, `Person.unitPath`', 'an assignment', 'rules/fit.test.ts'],
  [
    'Fit',
    'echelon-on-turn',
    '`Requirement.groups`, `Person.groups` at the start of the shift',
    'an assignment',
    'rules/fit.test.ts',
  ],
  ['Body', 'no-overlap', '`travelMinutes`, `travel` by pair of posts', 'a pair of duties', 'rules/body.test.ts'],
  [
    'Body',
    'minimum-rest',
    '`minutes`, `long` steps by nominal length, `after`, `before`',
    'a started hour missing',
    'rules/body.test.ts',
  ],
  [
    'Body',
    'load-limit',
    '`measure` (minutes, shifts, days, nights, weekends, holidays …), `window` (day, week, month, period, rolling), `max`, `min`',
    'a started hour or a unit beyond',
    'rules/body.test.ts',
  ],
  ['Body', 'consecutive-days', '`max`, `min`, `forgiveEdges`', 'a day too many or too few', 'rules/body.test.ts'],
  ['Body', 'consecutive-days-off', '`max`, `min`, `forgiveEdges`', 'a day too many or too few', 'rules/body.test.ts'],
  ['Body', 'consecutive-weekends', '`max`', 'a weekend too many', 'rules/body.test.ts'],
  ['Body', 'rest-in-window', '`days`, `minutes`', 'a started hour missing in a window', 'rules/body.test.ts'],
  [
    'Body',
    'succession',
    '`first`, `next`, `mode` forbidden or wanted, `afterDays`',
    'a pair, or one that is missing',
    'rules/body.test.ts',
  ],
  [
    'Body',
    'pattern',
    '`days` (on, off, any, or a filter), `startWeekday`',
    'a place where it lies',
    'rules/body.test.ts',
  ],
  ['Body', 'complete-weekend', '`weekend`', 'a free day in a weekend with duty', 'rules/body.test.ts'],
  ['Body', 'identical-weekend', '`weekend`', 'a further kind of duty', 'rules/body.test.ts'],
  ['Body', 'distinct-limit', '`of` post or template, `max`, `window`', 'a post or kind beyond', 'rules/body.test.ts'],
  ['Will', 'absence', '`Person.absences`', 'an assignment', 'rules/will-post-justice.test.ts'],
  [
    'Will',
    'unavailable',
    '`Person.availability` of kind unavailable',
    'an assignment',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Will',
    'availability',
    '`Person.availability` of kinds available and preferred',
    'an assignment',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Will',
    'preferred',
    '`Person.availability` of kind preferred',
    'an assignment outside',
    'rules/will-post-justice.test.ts',
  ],
  ['Will', 'undesired', '`Person.availability` of kind undesired', 'an assignment', 'rules/will-post-justice.test.ts'],
  ['Will', 'excluded', '`Problem.exclusions`', 'an assignment', 'rules/will-post-justice.test.ts'],
  [
    'Will',
    'request',
    '`personId`, `kind` on or off, `day`, `duties`, `amount`',
    '`amount`',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Will',
    'pairing',
    '`personIds`, `mode` together or apart',
    'a person too many or missing',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Post',
    'cover',
    '`Slot.cover`: required, under, over',
    'the weights of the slot',
    'rules/will-post-justice.test.ts',
  ],
  ['Post', 'mix', '`people`, `min`, `max`, `roles`', 'a person missing or too many', 'rules/will-post-justice.test.ts'],
  [
    'Post',
    'mix-distinct',
    '`of` grade, unit or personClass, `roles`',
    'a person of a kind already there',
    'rules/will-post-justice.test.ts',
  ],
  ['Post', 'crew-whole', '`Problem.crews`', 'a member missing', 'rules/will-post-justice.test.ts'],
  ['Post', 'linked-slots', '`Problem.links`', 'a person beyond the first', 'rules/will-post-justice.test.ts'],
  [
    'Post',
    'distance',
    '`maxKilometres`, `Person.home`, `Shift.location`',
    'a started kilometre beyond',
    'rules/fit.test.ts',
  ],
  ['Post', 'tier-order', '`GroupMembership.tier`', 'a tier', 'rules/fit.test.ts'],
  [
    'Justice',
    'fair-share',
    '`measure`, `within` all, group, unit, grade or personClass, `unit`; `Person.share`, `Person.carriedIn`, `Person.carriedShare`',
    'a squared unit away from the fair share',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Calm',
    'least-change',
    '`Problem.published`',
    'a confirmed person moved; at movedPending a further assignment lost by one, or one lost that nobody had confirmed',
    'rules/will-post-justice.test.ts',
  ],
  [
    'Calm',
    'pinned',
    '`Problem.pins`, frozen `Problem.published`',
    'an assignment moved',
    'rules/will-post-justice.test.ts',
  ],
  ['Calm', 'not-before', '`instant`', 'an assignment', 'rules/will-post-justice.test.ts'],
]

const HEAD = ['Family', 'Rule', 'Asks', 'Field', 'One point is', 'Use', 'Reason', 'Reason in Chinese', 'Tests']

function useOf(name: RuleName): string {
  const { on, level, overridable } = RULES[name]
  if (on === 'people') return `soft: ${level}`
  return `hard${overridable ? ', can be overridden' : ''}; soft: ${level}`
}

function reasonOf(name: RuleName): { zh: string; en: string } {
  const { problem, roster: text } = EXAMPLES[name]
  if (RULES[name].on === 'people') {
    const finding = { observed: 20, limit: 10, who: 'Amy', people: [], duties: [] }
    return RULES[name].reason(finding, problem.rules[0] as never)
  }
  return evaluate(problem, roster(text)).breaches[0]!.text
}

/** The table of rules as `docs/rules.md` shows it; the sentences are what the engine says about `EXAMPLES`. */
export function ruleTable(): string {
  const rows = ROWS.map(([family, name, field, point, tests]) => {
    const reason = reasonOf(name)
    return [family, `\`${name}\``, RULES[name].asks.en, field, point, useOf(name), reason.en, reason.zh, `\`${tests}\``]
  })
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n')
}

export const rowsOf = ROWS.map(([, name, , , tests]) => ({ name, tests }))
