import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instance, judge, parseInstance } from '../../../bench/support/curtois.ts'

/** Three nurses, a week, an early and a late shift; the late one is not followed by an early one. */
const TINY = `SECTION_HORIZON
# days
7

SECTION_SHIFTS
E,480,
L,480,E

SECTION_STAFF
A,E=7|L=7,2400,1440,4,2,2,1
B,E=7|L=7,2400,1440,4,2,2,1
C,E=3|L=0,1440,480,3,1,1,1

SECTION_DAYS_OFF
A,2
B,6

SECTION_SHIFT_ON_REQUESTS
A,0,E,2
C,4,E,3

SECTION_SHIFT_OFF_REQUESTS
B,1,L,1

SECTION_COVER
${Array.from({ length: 7 }, (_, day) => `${day},E,1,100,1\n${day},L,1,100,1`).join('\n')}
`

/** The benches run as processes of their own. */
const PATIENCE = 120_000

let folder: string
let instance: Instance
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'))
  await writeFile(join(folder, 'Tiny.txt'), TINY)
  instance = parseInstance(TINY)
})
afterAll(() => rm(folder, { recursive: true }))

async function bench(name: string, ...options: string[]) {
  const script = fileURLToPath(new URL(`../../../bench/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [script, join(folder, 'Tiny.txt'), ...options])
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, last: JSON.parse(stdout.trim().split('\n').at(-1)!), stderr }
}

test(
  'bench:curtois prints what it promises and no more, and the file it writes is the roster it judged',
  async () => {
    const out = join(folder, 'out.csv')
    const { status, last } = await bench('curtois', '--seconds', '2', '--threads', '1', '--out', out)
    expect(status).toBe(0)
    expect(Object.keys(last)).toEqual(['instance', 'objective', 'hard', 'seconds', 'bound'])
    expect(last).toMatchObject({ instance: 'Tiny', hard: 0 })
    expect(last.seconds).toBeGreaterThan(0)
    const lines = (await readFile(out, 'utf8')).trim().split('\n')
    const entries = lines.map((line) => {
      const [employee, day, shift] = line.split(',')
      return { employee: employee!, day: Number(day), shift: shift! }
    })
    expect(judge(instance, entries)).toEqual({ objective: last.objective, hard: 0 })
    expect(last.bound).toBeLessThanOrEqual(last.objective)
  },
  PATIENCE,
)

test(
  'bench:peers puts the engine beside the others and says who is not there',
  async () => {
    const { status, last, stderr } = await bench('peers', '--seconds', '2', '--threads', '1')
    expect(status, stderr).toBe(0)
    expect(last).toMatchObject({ seconds: 2, threads: 1 })
    const [{ instance: name, engine, roundRobin, highs, ...others }] = last.results
    expect(name).toBe('Tiny')
    expect(engine.hard).toBe(0)
    expect(roundRobin.objective).toBeGreaterThan(0)
    expect(Object.keys(others)).toEqual(['cpSat', 'cpSatWasm', 'cpSat8'])
    for (const peer of [highs, ...Object.values(others)]) {
      if (typeof peer === 'string') expect(peer).toBe('not installed')
      else expect(peer).toMatchObject({ hard: 0, objective: expect.toSatisfy((one: number) => one >= engine.bound) })
    }
  },
  PATIENCE,
)
