import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi } from '../../examples/demo/api.ts'
import { passingTime } from '../../examples/demo/passing-time.ts'
import { createCrowd, createInbox } from '../../examples/demo/people.ts'
import { createReport } from '../../examples/demo/report.ts'
import type { Setting, Stage } from '../../examples/demo/stage.ts'
import { createRandom } from '../../src/solver/random.ts'
import { wallToInstant } from '../../src/time/zones.ts'
import { startWorld, type World } from './world.ts'

export interface PlayedWorld extends AsyncDisposable {
  world: World
  stage: Stage
}

/** A world on which a play of `examples` runs as it does in the demo; what it prints goes nowhere. */
export async function startStage(setting: Setting, seed = 1): Promise<PlayedWorld> {
  const { zone, root, startsLocal } = setting
  const inbox = createInbox()
  const now = wallToInstant(startsLocal, zone, 'start').toISOString()
  const world = await startWorld({ now, zone, onMessage: inbox.receive })
  const exportsDir = await mkdtemp(join(tmpdir(), 'watchbill-exports-'))
  await world.must('PATCH', `/v1/units/${world.root.id}`, { ...root, locale: 'zh' }, { headers: { 'if-match': '"1"' } })
  const { url, clock, house } = world
  const stage: Stage = {
    report: createReport({ write: () => true, isTTY: false }),
    api: createApi(url, world.root.key),
    time: passingTime(clock, house.nightWatch!),
    crowd: createCrowd(seed),
    random: createRandom(seed),
    rootId: world.root.id,
    ...{ clock, inbox, seed, zone, exportsDir, url },
  }
  const close = async () => {
    await world.close()
    await rm(exportsDir, { recursive: true, force: true })
  }
  return { world, stage, [Symbol.asyncDispose]: close }
}
