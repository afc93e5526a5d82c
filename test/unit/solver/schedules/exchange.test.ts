import { expect, test } from 'vitest'
import { Exchange, shareMemory } from '../../../../src/solver/schedules/exchange.ts'

test('a bound is seen by all, and a worse one changes nothing', () => {
  const memory = shareMemory(2, 3)
  const [one, other] = [new Exchange(memory, 0, 2), new Exchange(memory, 1, 2)]
  expect(other.bound).toBe(Number.NEGATIVE_INFINITY)
  one.raise(7)
  other.raise(5)
  expect([one.bound, other.bound]).toEqual([7, 7])
})

test('a thread that died with the lock in its hand does not hold up the others', () => {
  const memory = shareMemory(2, 3)
  memory.words[0] = 1
  const survivor = new Exchange(memory, 1, 2)
  survivor.raise(3)
  expect(survivor.bound).toBe(3)
  survivor.raise(4)
  expect(survivor.bound).toBe(4)
})

test('threads meet when all have come; who waits in vain is told', () => {
  const memory = shareMemory(2, 3)
  const [one, other] = [new Exchange(memory, 0, 2), new Exchange(memory, 1, 2)]
  expect(one.meet(20)).toBe(false)
  expect(other.meet(20)).toBe(true)
  expect(one.isEnding).toBe(false)
  other.finish()
  expect(one.isEnding).toBe(true)
})
