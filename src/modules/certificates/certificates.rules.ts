import type { CertificateKind } from './certificates.types.ts'

/** No I, L, O and U: nothing on paper is taken for something else (Crockford's base 32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_LENGTH = 12
const GROUP = 4
const SERIAL_DIGITS = 6
const MINUTES_IN_HOUR = 60

/** Twelve letters out of 32, which is 60 bits, from as many random bytes. */
export const codeFrom = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, CODE_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]!).join('')

/** 'K7QM-2X9D-04TZ' */
export const codeText = (code: string): string => code.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join('-')

/** The code as it is stored, from what somebody typed off a paper; undefined when it cannot be one. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return code.length === CODE_LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : undefined
}

export const numberText = (year: number, serial: number): string =>
  `${year}-${String(serial).padStart(SERIAL_DIGITS, '0')}`

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'

/** Has the form, and the check digit, of the number of a resident's identity card (GB 11643, ISO 7064 MOD 11-2)? */
export const isIdCardNumber = (number: string): boolean =>
  /^\d{17}[\dX]$/.test(number) &&
  ID_CHECKS[ID_WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(number[index]), 0) % 11] === number[17]

/** Volunteers have served; all others were on duty. */
export const kindFor = (personClass: string): CertificateKind => (personClass === 'volunteer' ? 'service' : 'duty')

/** Hours with two decimals, rounded once, from summed minutes. */
export const hoursText = (minutes: number): string => (minutes / MINUTES_IN_HOUR).toFixed(2)

/** issued: under public notice, if there is one; noticed: its public notice is over, and nobody objected. */
export const CERTIFICATE_STATES = ['drafted', 'issued', 'noticed', 'revoked'] as const

export function stateOf(
  row: { draft: boolean; revokedAt: Date | null; noticeEndsOn: string | null },
  today: string,
): (typeof CERTIFICATE_STATES)[number] {
  if (row.revokedAt) return 'revoked'
  if (row.draft) return 'drafted'
  return row.noticeEndsOn !== null && row.noticeEndsOn <= today ? 'noticed' : 'issued'
}
