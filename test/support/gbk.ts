/** Every character that two bytes of GBK stand for, with its bytes. */
const BYTES = new Map(
  Array.from({ length: 0xfe - 0x81 + 1 }, (_, i) => 0x81 + i).flatMap((lead) =>
    Array.from({ length: 0xfe - 0x40 + 1 }, (_, i) => 0x40 + i).map((trail): [string, number[]] => [
      new TextDecoder('gbk').decode(Uint8Array.of(lead, trail)),
      [lead, trail],
    ]),
  ),
)

/** Text as Chinese spreadsheets save it. Throws for a character that GBK does not have. */
export function gbk(text: string): Buffer {
  const bytes = Array.from(text).flatMap((character) => {
    const known = character < '\u0080' ? [character.charCodeAt(0)] : BYTES.get(character)
    if (!known) throw new Error(`GBK has no ${character}.`)
    return known
  })
  return Buffer.from(bytes)
}
