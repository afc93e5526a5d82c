import { createHmac, randomBytes } from 'node:crypto'

/** Crockford's base 32: no I, L, O or U, so that nobody has to guess. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 8
const TAIL = 4

/** Eight letters and digits with 40 bits of chance. */
export function newCode(): string {
  const bits = BigInt(`0x${randomBytes(5).toString('hex')}`)
  return Array.from({ length: LENGTH }, (_, index) => ALPHABET[Number((bits >> BigInt(5 * index)) & 31n)]).join('')
}

/** A code as people type it: with blanks and dashes, small or wide letters, O for 0, I or l for 1. undefined: none. */
export function readCode(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}._·,]+/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return code.length === LENGTH && Array.from(code).every((letter) => ALPHABET.includes(letter)) ? code : undefined
}

/** The last digits of a phone number, whether all of it was typed or only these. */
export function phoneTail(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replace(/[^0-9]/g, '')
  return digits.length >= TAIL ? digits.slice(-TAIL) : undefined
}

/** What is stored of a code: without the key it cannot be found by trying. */
export const hashCode = (key: Buffer, code: string, tail: string): string => keyed(key, `code ${code} ${tail}`)

/** The same text has the same mark, and cannot be read from it. */
export const keyed = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex')
