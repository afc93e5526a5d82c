import type { House } from '../../src/house.ts'
import type { PushableClock } from '../../src/time/clock.ts'
import type { LocalDate } from '../../src/time/zones.ts'
import type { ScenarioA } from '../scenario-a/scenario.ts'
import type { Api } from './api.ts'
import type { PassingTime } from './passing-time.ts'
import type { Crowd, Inbox } from './people.ts'
import type { Report } from './report.ts'

/** What every step of the demo has at hand. */
export interface Demo {
  report: Report
  scenario: ScenarioA
  seed: number
  /** Root unit of the city. */
  rootId: string
  /** Everything the organizer does goes through here. */
  api: Api
  house: House
  clock: PushableClock
  time: PassingTime
  inbox: Inbox
  crowd: Crowd
  /** First day of the week that is planned, and the first one that no longer belongs to it. */
  week: { fromOn: LocalDate; toOn: LocalDate }
  exportsDir: string
  url: string
  key: string
}
