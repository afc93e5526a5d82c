/**
 * Spreadsheets run a cell that starts with one of these as a formula, also when blanks or invisible characters come
 * first; a leading control character can hide one or break the cell (OWASP ASVS 5.0, 1.2.10; full-width forms added,
 * since some spreadsheets read them as the plain ones).
 */
const FORMULA = /^[\s\0\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]/
const CONTROL = /^[\t\r\n\0]/

const isGuardable = (text: string): boolean => {
  const bare = text.replace(/^'+/, '')
  return FORMULA.test(bare) || CONTROL.test(bare)
}

/**
 * Our convention for CSV: dangerous text gets one apostrophe in front, everything else stays as it is, a phone number
 * `+8613…` becoming `'+8613…`. Text that already looks guarded gets one more, so `unguard` always gives back the
 * original.
 */
export const guard = (text: string): string => (isGuardable(text) ? `'${text}` : text)

/** Takes away what `guard` put in front, and nothing else. */
export const unguard = (text: string): string =>
  text.startsWith("'") && isGuardable(text.slice(1)) ? text.slice(1) : text
