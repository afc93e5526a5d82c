import { expect, test } from 'vitest'
import {
  codeAt,
  doorKey,
  isCode,
  isDoorKey,
  isPhoneEnd,
  secretIn,
} from '../../../src/modules/attendance/codes.rules.ts'

const now = new Date('2026-05-04T08:00:10Z')
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)

test('a code changes every minute, counts for a minute more, and belongs to one post', () => {
  const { code, validUntil } = codeAt('secret', now)
  expect(code).toMatch(/^\d{6}$/)
  expect(validUntil.toISOString()).toBe('2026-05-04T08:01:00.000Z')
  expect(codeAt('secret', after(49)).code).toBe(code)
  expect(codeAt('secret', after(50)).code).not.toBe(code)
  expect(isCode('secret', `${code.slice(0, 3)} ${code.slice(3)}`, after(100))).toBe(true)
  expect(isCode('secret', code, after(110))).toBe(false)
  expect(isCode('secret', code, after(-20))).toBe(false)
  expect(isCode('other', code, now)).toBe(false)
})

test('full-width digits are digits', () => {
  const wide = [...codeAt('secret', now).code].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')
  expect(isCode('secret', wide, now)).toBe(true)
})

test('the key of a door ends with the secret it was made from', () => {
  const key = doorKey('secret', 'door')
  expect(isDoorKey('secret', 'door', key)).toBe(true)
  expect(isDoorKey('renewed', 'door', key)).toBe(false)
  expect(isDoorKey('secret', 'door', 'door.')).toBe(false)
})

test('four digits of one of the phones, and a secret out of any form of the link', () => {
  expect(isPhoneEnd(['+86 139 0000 1234', '02155550000'], '1234')).toBe(true)
  expect(isPhoneEnd(['+86 139 0000 1234'], '4')).toBe(false)
  expect(isPhoneEnd([], '')).toBe(false)
  for (const text of ['abc', ' https://v.example/a/abc?lang=en ', '/a/abc#x']) expect(secretIn(text)).toBe('abc')
})
