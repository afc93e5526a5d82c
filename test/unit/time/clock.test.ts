import { expect, test } from 'vitest'
import { pushableClock, systemClock } from '../../../src/time/clock.ts'

const start = new Date('2026-03-28T08:00:00Z')
const secondsSince = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / 1000)

test('the system clock shows the time of the machine', () => {
  const before = Date.now()
  const now = systemClock.now().getTime()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('a pushable clock begins where it is told and runs on by itself', async () => {
  const clock = pushableClock(start)
  expect(secondsSince(start, clock.now())).toBe(0)
  const first = clock.now().getTime()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(clock.now().getTime() - first).toBeGreaterThanOrEqual(25)
  expect(clock.now().getTime() - first).toBeLessThan(5000)
})

test('without a start it shows the time of the machine', () => {
  expect(Math.abs(pushableClock().now().getTime() - Date.now())).toBeLessThan(1000)
})

test('it is pushed forwards and can be set', () => {
  const clock = pushableClock(start)
  clock.advance(90_000)
  clock.advance(10_000)
  expect(secondsSince(start, clock.now())).toBe(100)
  clock.set(new Date('2026-01-01T00:00:00Z'))
  expect(clock.now().toISOString()).toMatch(/^2026-01-01T00:00:00/)
})

test('it is not pushed backwards or to nowhere', () => {
  const clock = pushableClock(start)
  expect(() => clock.advance(-1)).toThrow(RangeError)
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError)
  expect(() => clock.set(new Date('nonsense'))).toThrow(RangeError)
})
