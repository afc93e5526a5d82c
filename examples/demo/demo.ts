import type { House } from '../../src/house.ts'
import type { ScenarioA } from '../scenario-a/scenario.ts'
import type { Planned } from './stage.ts'

/** What every step of scenario A has at hand. Its week is the one that is planned. */
export interface Demo extends Planned {
  scenario: ScenarioA
  house: House
  key: string
}
