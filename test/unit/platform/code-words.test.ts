import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashCode, newCode, phoneTail, readCode } from '../../../src/platform/auth/code-words.ts'

describe('a short code', () => {
  test('has eight unambiguous characters, each place with all of them', () => {
    const codes = Array.from({ length: 3_000 }, newCode)
    expect(new Set(codes).size).toBe(3_000)
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
    for (let place = 0; place < 8; place += 1) expect(new Set(codes.map((code) => code[place])).size).toBe(32)
  })

  test('is read however it is typed', () => {
    const gap = fc.constantFrom('', ' ', '-', ' - ', '－', '　', '–', '.')
    const typed = (letter: string) =>
      fc.constantFrom(
        letter,
        letter.toLowerCase(),
        ...(letter === '0' ? ['O', 'o'] : []),
        ...(letter === '1' ? ['I', 'i', 'l', 'L'] : []),
        String.fromCodePoint(letter.codePointAt(0)! + 0xfee0),
      )
    fc.assert(
      fc.property(
        fc.constant(null).chain(() => {
          const code = newCode()
          return fc.tuple(
            fc.constant(code),
            fc.tuple(...Array.from(code, typed)),
            fc.array(gap, { minLength: 8, maxLength: 8 }),
          )
        }),
        ([code, letters, gaps]) => {
          expect(readCode(letters.map((letter, index) => gaps[index] + letter).join(''))).toBe(code)
        },
      ),
    )
  })

  test.each(['', 'ABCDEFG', 'ABCDEFGHJ', 'ABCDEFGU', '值班值班值班值班'])('"%s" is none', (typed) => {
    expect(readCode(typed)).toBeUndefined()
  })

  test('cannot be found by trying without the key, and belongs to one phone', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)]
    const code = newCode()
    expect(hashCode(key, code, '1234')).toBe(hashCode(key, code, '1234'))
    expect(hashCode(key, code, '1234')).not.toBe(hashCode(other, code, '1234'))
    expect(hashCode(key, code, '1234')).not.toBe(hashCode(key, code, '1235'))
  })
})

test.each([
  ['13900012345', '2345'],
  ['+86 139-0001-2345', '2345'],
  ['２３４５', '2345'],
  ['345', undefined],
  ['', undefined],
])('of the phone "%s" the last four digits count', (typed, tail) => {
  expect(phoneTail(typed)).toBe(tail)
})
