import type { House } from '../../src/house.ts'
import { createRandom } from '../../src/solver/random.ts'
import type { PushableClock } from '../../src/time/clock.ts'
import { createApi } from './api.ts'
import { passingTime } from './passing-time.ts'
import { createCrowd, type Inbox } from './people.ts'
import type { Report } from './report.ts'
import type { Setting, Stage } from './stage.ts'

export interface Props {
  house: House
  clock: PushableClock
  /** Hears what the house sends. */
  inbox: Inbox
  report: Report
  exportsDir: string
  seed: number
  /** Root unit made from the setting, and an admin key for it. */
  root: { id: string; key: string }
}

/** The stage of a house that runs: the demo and the journeys stand on the same one. */
export function assembleStage({ zone }: Setting, { house, root, clock, seed, ...props }: Props): Stage {
  const url = house.url!
  return {
    ...props,
    api: createApi(url, root.key),
    time: passingTime(clock, house.nightWatch!),
    random: createRandom(seed),
    crowd: createCrowd(seed),
    rootId: root.id,
    ...{ clock, seed, zone, url },
  }
}
