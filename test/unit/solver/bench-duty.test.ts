import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const bench = fileURLToPath(new URL('../../../bench/duty.ts', import.meta.url))
const lastLine = async (...options: string[]) => {
  const { stdout } = await run(process.execPath, [bench, ...options])
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

test('the duty bench staffs a small city, repairs it and prints JSON last', async () => {
  const figures = await lastLine(...'--people 120 --posts 4 --days 7 --seconds 0.3 --ill 5'.split(' '))
  expect(figures).toMatchObject({ people: 120, seats: 140, filled: 140, openMandatory: 0, hard: 0 })
  expect(Math.max(...(Object.values(figures.shiftSpread) as number[]))).toBeLessThanOrEqual(1)
  expect(figures.repair).toMatchObject({ ill: 5, openMandatory: 0, movedConfirmed: 0 })
})

test('an option that is no number is refused', async () => {
  await expect(lastLine('--people', 'many')).rejects.toThrow('--people must be a number above 0.')
})
