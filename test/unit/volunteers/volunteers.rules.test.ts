import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lastBirthOf, literally } from '../../../src/modules/volunteers/volunteers.rules.ts'
import { ageOn } from '../../../src/time/age.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

test('the last birth date of an age, written out', () => {
  expect(lastBirthOf(36, '2026-05-04')).toBe('1990-05-04')
  expect(lastBirthOf(1, '2024-02-29')).toBe('2023-02-28')
  expect(lastBirthOf(4, '2024-02-29')).toBe('2020-02-29')
})

test('who was born by then is that old, who was born a day later is not', () => {
  const day = fc.integer({ min: 0, max: 80_000 }).map((days) => addLocalDays('1950-01-01', days))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), day, (age, on) => {
      const birth = lastBirthOf(age, on)
      expect(ageOn(birth, on)).toBeGreaterThanOrEqual(age)
      expect(ageOn(addLocalDays(birth, 1), on)).toBeLessThan(age)
    }),
  )
})

test('wildcards in a search mean themselves', () => {
  expect(literally('50%_\\x')).toBe('50\\%\\_\\\\x')
})
