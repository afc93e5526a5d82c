/** 138****5678: the first three and the last four, as far as that hides anything. */
export const maskedPhone = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return digits.length < 8
    ? '*'.repeat(digits.length)
    : `${digits.slice(0, -8) + digits.slice(-8, -4).replace(/\d/g, '*')}${digits.slice(-4)}`
}

/** li***@example.org */
export const maskedEmail = (email: string): string => email.replace(/^(.{1,2})[^@]*(@.*)$/u, '$1***$2')

const IDENTITY_NUMBER = /^(\d{6})\d{8,9}(\d{2}[\dXx])$/

/** Numbers of identity cards keep six and three characters; numbers an employer gives stay. */
export const maskedNumber = (number: string): string => number.replace(IDENTITY_NUMBER, '$1*********$2')

const LONG = 11

/** 330***********0010: of any document as much of its number as its holder needs to know it again; of a short one less. */
export function maskedDocument(number: string): string {
  const letters = Array.from(number)
  const [first, last] = letters.length >= LONG ? [3, 4] : [1, 2]
  const hidden = letters.length - first - last
  if (hidden <= 0) return '*'.repeat(letters.length)
  return [...letters.slice(0, first), '*'.repeat(hidden), ...letters.slice(-last)].join('')
}
