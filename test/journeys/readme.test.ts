import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

const run = promisify(execFile)

describe('the walk-through of README.md', () => {
  let world: World
  let folder: string
  beforeAll(async () => {
    world = await startWorld()
    folder = await mkdtemp(join(tmpdir(), 'watchbill-readme-'))
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  it('runs as it stands, against a running service, and prints a published week', async () => {
    const [, code] = /```js\n([\s\S]*?)```/.exec(await readFile('README.md', 'utf8'))!
    const file = join(folder, 'walk.mjs')
    await writeFile(file, code!)
    const env = { PATH: process.env.PATH, WATCHBILL_URL: world.url, WATCHBILL_KEY: world.root.key }
    const { stdout } = await run(process.execPath, [file], { env })
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(7)
    for (const [index, line] of lines.entries()) {
      expect(line).toMatch(new RegExp(`^2035-01-0${index + 1}T20:00 (Ada|Ben|Cai|Dan) pending$`))
    }
    await world.settled()
    expect(world.messages.filter((message) => message.template === 'confirmation-request').length).toBeGreaterThan(1)
  })

  it('stays short', async () => {
    const [, code] = /```js\n([\s\S]*?)```/.exec(await readFile('README.md', 'utf8'))!
    expect(code!.trim().split('\n').length).toBeLessThanOrEqual(24)
  })
})
