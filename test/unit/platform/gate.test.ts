import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gate } from '../../../src/platform/db/gate.ts'

test('so many at a time, in the order in which they came, and one that fails makes room', async () => {
  const oneOfFew = gate(2)
  const begun: number[] = []
  let inside = 0
  let most = 0
  const work = async (n: number) => {
    begun.push(n)
    inside += 1
    most = Math.max(most, inside)
    await sleep(2)
    inside -= 1
    if (n === 1) throw new Error('spoilt')
    return n
  }
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => oneOfFew(() => work(n))))
  expect(results.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([0, 'failed', 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(most).toBe(2)
})
