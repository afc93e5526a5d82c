import { inflateSync } from 'node:zlib'

const WOFF_HEADER = 44
const WOFF_ENTRY = 20
const SFNT_HEADER = 12
const SFNT_ENTRY = 16

/** The TrueType font inside a WOFF 1.0 file (W3C, WOFF File Format 1.0, 3 to 5). @throws RangeError for other files */
export function unwrapWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new RangeError('This is not a WOFF 1.0 font.')
  const count = woff.readUInt16BE(12)
  const sfnt = Buffer.alloc(woff.readUInt32BE(16))
  writeHeader(sfnt, woff.readUInt32BE(4), count)

  let end = SFNT_HEADER + count * SFNT_ENTRY
  for (let index = 0; index < count; index += 1) {
    const from = WOFF_HEADER + index * WOFF_ENTRY
    const [offset, packedLength, length, checksum] = [4, 8, 12, 16].map((at) => woff.readUInt32BE(from + at)) as Four
    const packed = woff.subarray(offset, offset + packedLength)

    const to = SFNT_HEADER + index * SFNT_ENTRY
    woff.copy(sfnt, to, from, from + 4)
    sfnt.writeUInt32BE(checksum, to + 4)
    sfnt.writeUInt32BE(end, to + 8)
    sfnt.writeUInt32BE(length, to + 12)
    sfnt.set(packedLength < length ? inflateSync(packed) : packed, end)
    end += Math.ceil(length / 4) * 4
  }
  return sfnt
}

type Four = [number, number, number, number]

/** The three numbers after the count help a binary search over the entries. */
function writeHeader(sfnt: Buffer, flavour: number, count: number): void {
  const power = Math.floor(Math.log2(count))
  const range = 2 ** power * SFNT_ENTRY
  sfnt.writeUInt32BE(flavour, 0)
  sfnt.writeUInt16BE(count, 4)
  sfnt.writeUInt16BE(range, 6)
  sfnt.writeUInt16BE(power, 8)
  sfnt.writeUInt16BE(count * SFNT_ENTRY - range, 10)
}
