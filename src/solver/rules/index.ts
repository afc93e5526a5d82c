/** The rules of the engine: this list is the specification. */
import { absence } from './absence.ts'
import { availability } from './availability.ts'
import { clearance } from './clearance.ts'
import { completeWeekend } from './complete-weekend.ts'
import { consecutiveDays } from './consecutive-days.ts'
import { consecutiveDaysOff } from './consecutive-days-off.ts'
import { consecutiveWeekends } from './consecutive-weekends.ts'
import { cover } from './cover.ts'
import { crewWhole } from './crew-whole.ts'
import { distance } from './distance.ts'
import { distinctLimit } from './distinct-limit.ts'
import { echelonOnTurn } from './echelon-on-turn.ts'
import { excluded } from './excluded.ts'
import { fairShare } from './fair-share.ts'
import { grade } from './grade.ts'
import { identicalWeekend } from './identical-weekend.ts'
import { language } from './language.ts'
import { leastChange } from './least-change.ts'
import { linkedSlots } from './linked-slots.ts'
import { loadLimit } from './load-limit.ts'
import { minimumRest } from './minimum-rest.ts'
import { mix } from './mix.ts'
import { mixDistinct } from './mix-distinct.ts'
import { noOverlap } from './no-overlap.ts'
import { notBefore } from './not-before.ts'
import { pairing } from './pairing.ts'
import type { RuleName } from './params.ts'
import { pattern } from './pattern.ts'
import { personClass } from './person-class.ts'
import { pinned } from './pinned.ts'
import { preferred } from './preferred.ts'
import { qualification } from './qualification.ts'
import { request } from './request.ts'
import { restInWindow } from './rest-in-window.ts'
import type { Rule } from './rule.ts'
import { succession } from './succession.ts'
import { tierOrder } from './tier-order.ts'
import { unavailable } from './unavailable.ts'
import { undesired } from './undesired.ts'
import { unit } from './unit.ts'

export const RULES: { [N in RuleName]: Rule<N> } = {
  // Fit
  qualification,
  clearance,
  language,
  grade,
  'person-class': personClass,
  unit,
  'echelon-on-turn': echelonOnTurn,
  // Body
  'no-overlap': noOverlap,
  'minimum-rest': minimumRest,
  'load-limit': loadLimit,
  'consecutive-days': consecutiveDays,
  'consecutive-days-off': consecutiveDaysOff,
  'consecutive-weekends': consecutiveWeekends,
  'rest-in-window': restInWindow,
  succession,
  pattern,
  'complete-weekend': completeWeekend,
  'identical-weekend': identicalWeekend,
  'distinct-limit': distinctLimit,
  // Will
  absence,
  unavailable,
  availability,
  preferred,
  undesired,
  excluded,
  request,
  pairing,
  // Post
  cover,
  mix,
  'mix-distinct': mixDistinct,
  'crew-whole': crewWhole,
  'linked-slots': linkedSlots,
  distance,
  'tier-order': tierOrder,
  // Justice
  'fair-share': fairShare,
  // Calm
  'least-change': leastChange,
  pinned,
  'not-before': notBefore,
}
