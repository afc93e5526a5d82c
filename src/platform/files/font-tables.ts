/** What to know of a font for placing its characters. Lengths are in em, the size of the letters. */
export type FontTables = {
  glyphs: ReadonlyMap<number, number>
  /** Of a glyph that serves several characters, the lowest of them. */
  firstCharacters: ReadonlyMap<number, number>
  advanceOf(glyph: number): number
}

const WINDOWS = 3
const WINDOWS_BMP = 1
const WINDOWS_FULL = 10

/** Reads `cmap` in the formats 4 and 12, `head`, `hhea` and `hmtx` of a TrueType font. @throws RangeError */
export function readFontTables(font: Buffer): FontTables {
  const unitsPerEm = table(font, 'head').readUInt16BE(18)
  const advances = readAdvances(font)
  const glyphs = readCharacters(table(font, 'cmap'))
  const firstCharacters = new Map<number, number>()
  for (const character of [...glyphs.keys()].sort((a, b) => a - b)) {
    const glyph = glyphs.get(character)!
    if (!firstCharacters.has(glyph)) firstCharacters.set(glyph, character)
  }
  return {
    glyphs,
    firstCharacters,
    advanceOf: (glyph) => advances[Math.min(glyph, advances.length - 1)]! / unitsPerEm,
  }
}

function table(font: Buffer, tag: string): Buffer {
  for (let at = 12; at < 12 + font.readUInt16BE(4) * 16; at += 16) {
    if (font.toString('latin1', at, at + 4) !== tag) continue
    return font.subarray(font.readUInt32BE(at + 8), font.readUInt32BE(at + 8) + font.readUInt32BE(at + 12))
  }
  throw new RangeError(`The font has no table "${tag}".`)
}

function readAdvances(font: Buffer): number[] {
  const metrics = table(font, 'hmtx')
  return Array.from({ length: table(font, 'hhea').readUInt16BE(34) }, (_, index) => metrics.readUInt16BE(index * 4))
}

function readCharacters(cmap: Buffer): Map<number, number> {
  const maps = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.subarray(4 + index * 8, 12 + index * 8))
  const windows = maps.filter((entry) => entry.readUInt16BE(0) === WINDOWS)
  const best = [WINDOWS_FULL, WINDOWS_BMP].map((kind) => windows.find((entry) => entry.readUInt16BE(2) === kind))
  const entry = best.find((found) => found !== undefined)
  if (!entry) throw new RangeError('The font has no map of Unicode characters.')
  const map = cmap.subarray(entry.readUInt32BE(4))
  return new Map(map.readUInt16BE(0) === 12 ? groups(map) : segments(map))
}

/** OpenType 1.9, `cmap` format 12. */
function* groups(map: Buffer): Generator<[number, number]> {
  for (let at = 16; at < 16 + map.readUInt32BE(12) * 12; at += 12) {
    const [first, last, glyph] = [0, 4, 8].map((offset) => map.readUInt32BE(at + offset)) as [number, number, number]
    for (let character = first; character <= last; character += 1) yield [character, glyph + character - first]
  }
}

/** OpenType 1.9, `cmap` format 4: four arrays side by side; a range offset counts from where it stands. */
function* segments(map: Buffer): Generator<[number, number]> {
  const length = map.readUInt16BE(6)
  for (let at = 14; at < 14 + length; at += 2) {
    const last = map.readUInt16BE(at)
    const first = map.readUInt16BE(at + length + 2)
    const delta = map.readUInt16BE(at + 2 * length + 2)
    const rangeAt = at + 3 * length + 2
    const range = map.readUInt16BE(rangeAt)
    for (let character = first; character <= last && character < 0xffff; character += 1) {
      const listed = range === 0 ? character : map.readUInt16BE(rangeAt + range + (character - first) * 2)
      const glyph = listed === 0 && range !== 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) yield [character, glyph]
    }
  }
}
