import { expect, test } from 'vitest'
import { together } from '../../../src/platform/db/together.ts'

test('a lone item waits for nobody, those that come meanwhile go together, and each has its own result', async () => {
  const pieces: number[][] = []
  const double = together<number, number>(
    async (items) => {
      pieces.push(items)
      await new Promise((resolve) => setImmediate(resolve))
      return items.map((item) => item * 2)
    },
    { lanes: 1, most: 3 },
  )
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
  expect(pieces).toEqual([[1], [2, 3, 4], [5]])
})

test('a piece that fails fails for its own items only, and work goes on', async () => {
  const work = together<number, number>(
    async (items) => {
      if (items.includes(2)) throw new Error('no twos')
      return items
    },
    { lanes: 1, most: 2 },
  )
  const results = await Promise.allSettled([1, 2, 3, 4].map(work))
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(await work(5)).toBe(5)
})
