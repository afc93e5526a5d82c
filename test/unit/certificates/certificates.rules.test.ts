import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CODE_LENGTH,
  codeFrom,
  codeText,
  hoursText,
  kindFor,
  numberText,
  readCode,
} from '../../../src/modules/certificates/certificates.rules.ts'
import { PERSON_CLASSES } from '../../../src/modules/volunteers/volunteers.tables.ts'

test('a code survives being printed and typed, in any case, with any blanks, and with O, I and L', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: CODE_LENGTH, maxLength: CODE_LENGTH }), (bytes) => {
      const code = codeFrom(bytes)
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/)
      expect(readCode(code)).toBe(code)
      expect(readCode(codeText(code).toLowerCase())).toBe(code)
      expect(readCode(` ${codeText(code).replaceAll('-', ' ')}`)).toBe(code)
      expect(readCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code)
    }),
  )
  expect(codeText('K7QM2X9D04TZ')).toBe('K7QM-2X9D-04TZ')
})

test('what cannot be a code is none', () => {
  for (const typed of ['', 'K7QM2X9D04T', 'K7QM2X9D04TZZ', 'K7QM2X9D04TU', 'K7QM2X9D04T中', "K7QM2X9D04T'"]) {
    expect(readCode(typed)).toBeUndefined()
  }
})

test('all letters are used about equally often', () => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 4_000; i += 1) {
    for (const letter of codeFrom(randomBytes(CODE_LENGTH))) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect(counts.size).toBe(32)
  for (const count of counts.values()) expect(Math.abs(count - 1_500)).toBeLessThan(300)
})

test('numbers, hours and kinds', () => {
  expect([numberText(2026, 7), numberText(2026, 1_234_567)]).toEqual(['2026-000007', '2026-1234567'])
  expect([hoursText(60), hoursText(61), hoursText(7595)]).toEqual(['1.00', '1.02', '126.58'])
  expect(PERSON_CLASSES.filter((one) => kindFor(one) === 'service')).toEqual(['volunteer'])
})
