import type { Random } from '../../src/solver/random.ts'
import type { PushableClock } from '../../src/time/clock.ts'
import type { LocalDate, LocalDateTime } from '../../src/time/zones.ts'
import type { Api } from './api.ts'
import type { PassingTime } from './passing-time.ts'
import type { Crowd, Inbox } from './people.ts'
import type { Report } from './report.ts'

/** What every play has at hand; everything else it does through the public API. */
export interface Stage {
  report: Report
  /** Everything the organizer does goes through here, with the admin key of the root unit. */
  api: Api
  clock: PushableClock
  time: PassingTime
  /** What people were sent, with their personal links. */
  inbox: Inbox
  /** Who answers and who does not. */
  crowd: Crowd
  seed: number
  random: Random
  /** Root unit, made from the setting. */
  rootId: string
  zone: string
  exportsDir: string
  url: string
}

/** Days of one roster: the first one, and the first one that no longer belongs to it. */
export interface Week {
  fromOn: LocalDate
  toOn: LocalDate
}
export type Planned = Stage & { week: Week }

/** Where and when a play begins. */
export interface Setting {
  /** One sentence for the head of the output. */
  title: string
  zone: string
  root: { name: string; kind: string }
  /** What the clock shows at the beginning, as wall time in the zone. */
  startsLocal: LocalDateTime
}

export type Figures = Record<string, number | string>

/** What `examples/scenario-<letter>/play.ts` offers. */
export interface Scenario {
  setting: Setting
  play(stage: Stage): Promise<Figures>
}
