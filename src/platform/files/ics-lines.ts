const LINE_OCTETS = 75

/** A value of type TEXT (RFC 5545, 3.3.11): line breaks stay, other control characters go. */
export const icsText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a calendar cannot carry
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')

/** Lines joined by CRLF, each folded to at most 75 octets, never inside a character (RFC 5545, 3.1). */
export const icsLines = (lines: readonly string[]): string => lines.map((line) => `${fold(line)}\r\n`).join('')

function fold(line: string): string {
  if (Buffer.byteLength(line) <= LINE_OCTETS) return line
  let folded = ''
  let used = 0
  for (const character of line) {
    const octets = Buffer.byteLength(character)
    if (used + octets > LINE_OCTETS) {
      folded += '\r\n '
      used = 1
    }
    folded += character
    used += octets
  }
  return folded
}
