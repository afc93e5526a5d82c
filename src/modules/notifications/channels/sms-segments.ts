const GSM_7 = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** These take two places, which stay together. */
const GSM_7_EXTENSION = new Set('\f^{}\\[~]|€')

const widthInGsm7 = (character: string): number | undefined =>
  GSM_7.has(character) ? 1 : GSM_7_EXTENSION.has(character) ? 2 : undefined

/**
 * How many messages a text becomes (3GPP TS 23.038 and 23.040): 160 places alone or 153 each in the 7-bit alphabet,
 * 70 or 67 UTF-16 units as soon as one character is not in it.
 */
export function smsSegments(text: string): number {
  const characters = [...text]
  const narrow = characters.map(widthInGsm7)
  const isGsm7 = narrow.every((width) => width !== undefined)
  const widths = isGsm7 ? (narrow as number[]) : characters.map((character) => character.length)
  const [alone, each] = isGsm7 ? [160, 153] : [70, 67]
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1
  let [segments, used] = [1, 0]
  for (const width of widths) {
    if (used + width > each) {
      segments += 1
      used = 0
    }
    used += width
  }
  return segments
}
