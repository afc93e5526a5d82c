import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { after } from '../../../src/platform/db/deadlines.ts'

test('a deadline comes once, at about its time, and not when it was taken back', async () => {
  const came: string[] = []
  after(100, () => came.push('kept'))
  const takeBack = after(100, () => came.push('taken back'))
  takeBack()
  await sleep(30)
  expect(came).toEqual([])
  await expect.poll(() => came).toEqual(['kept'])
  await sleep(200)
  expect(came).toEqual(['kept'])
})

test('a process that was held up reads its answers before it takes them for late', async () => {
  let isLate = false
  const takeBack = after(300, () => (isLate = true))
  for (const until = performance.now() + 900; performance.now() < until; );
  await turn()
  await turn()
  expect(isLate).toBe(false)
  takeBack()
})
