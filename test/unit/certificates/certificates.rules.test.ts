import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CODE_LENGTH,
  codeFrom,
  codeText,
  hoursText,
  isIdCardNumber,
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

test('of an identity card every wrong digit and every two digits that changed places are noticed', () => {
  const good = ['11010519491231002X', '440524188001010014', '330106199001010018']
  for (const number of good) {
    expect(isIdCardNumber(number)).toBe(true)
    for (let at = 0; at < number.length; at += 1) {
      for (const digit of '0123456789X') {
        const other = `${number.slice(0, at)}${digit}${number.slice(at + 1)}`
        expect(isIdCardNumber(other), other).toBe(other === number)
      }
      const swapped = `${number.slice(0, at)}${number[at + 1] ?? ''}${number[at]}${number.slice(at + 2)}`
      expect(isIdCardNumber(swapped), swapped).toBe(swapped === number)
    }
  }
  for (const none of ['', '11010519491231002x', '1101051949123100', ' 11010519491231002X']) {
    expect(isIdCardNumber(none)).toBe(false)
  }
})

test('numbers, hours and kinds', () => {
  expect([numberText(2026, 7), numberText(2026, 1_234_567)]).toEqual(['2026-000007', '2026-1234567'])
  expect([hoursText(60), hoursText(61), hoursText(7595)]).toEqual(['1.00', '1.02', '126.58'])
  expect(PERSON_CLASSES.filter((one) => kindFor(one) === 'service')).toEqual(['volunteer'])
})
