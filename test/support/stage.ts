import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assembleStage } from '../../examples/demo/assemble.ts'
import { createInbox } from '../../examples/demo/people.ts'
import { createReport } from '../../examples/demo/report.ts'
import type { Setting, Stage } from '../../examples/demo/stage.ts'
import { wallToInstant } from '../../src/time/zones.ts'
import { startWorld, type World } from './world.ts'

export interface PlayedWorld extends AsyncDisposable {
  world: World
  stage: Stage
}

/** The stage of the demo on a world of a test's own; what it prints goes nowhere. */
export async function startStage(setting: Setting, seed = 1): Promise<PlayedWorld> {
  const { zone, root, startsLocal } = setting
  const inbox = createInbox()
  const now = wallToInstant(startsLocal, zone, 'start').toISOString()
  const world = await startWorld({ now, zone, root, onMessage: inbox.receive })
  const exportsDir = await mkdtemp(join(tmpdir(), 'watchbill-exports-'))
  const report = createReport({ write: () => true, isTTY: false })
  const { house, clock } = world
  const stage = assembleStage(setting, { house, clock, inbox, report, exportsDir, seed, root: world.root })
  const close = async () => {
    await world.close()
    await rm(exportsDir, { recursive: true, force: true })
  }
  return { world, stage, [Symbol.asyncDispose]: close }
}
