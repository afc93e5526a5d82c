import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'

export interface ZipEntry {
  name: string
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>
}

interface Written {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

const MOST_BYTES = 0xffff_ffff
/** Sizes follow the contents; names are UTF-8 (PKWARE APPNOTE 4.4.4). */
const FLAGS = 0x0808
const DEFLATE = 8
const VERSION = 20
const LEVEL = 4

/** A ZIP archive, each file packed while it is made; the same contents and date give the same bytes. */
export async function* zipped(entries: readonly ZipEntry[], madeAt: Date): AsyncGenerator<Buffer> {
  const directory: Written[] = []
  const date = dosDate(madeAt)
  let offset = 0
  for (const entry of entries) {
    const written: Written = { name: Buffer.from(entry.name), crc: 0, packed: 0, size: 0, offset }
    const head = header(0x04034b50, written, date)
    offset += head.length
    yield head
    for await (const packed of deflated(entry.chunks, written)) {
      written.packed += packed.length
      yield packed
    }
    if (Math.max(written.size, offset + written.packed) > MOST_BYTES) {
      throw new RangeError('This would be more than 4 GB. Maybe export as CSV.')
    }
    const descriptor = Buffer.alloc(16)
    for (const [index, value] of [0x08074b50, written.crc, written.packed, written.size].entries())
      descriptor.writeUInt32LE(value, index * 4)
    offset += written.packed + descriptor.length
    directory.push(written)
    yield descriptor
  }
  const central = Buffer.concat(directory.map((written) => header(0x02014b50, written, date)))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  yield Buffer.concat([central, end])
}

async function* deflated(chunks: ZipEntry['chunks'], written: Written): AsyncGenerator<Buffer> {
  async function* counted() {
    for await (const chunk of chunks) {
      written.crc = crc32(chunk, written.crc)
      written.size += chunk.length
      yield chunk
    }
  }
  const deflate = createDeflateRaw({ level: LEVEL })
  // What goes wrong here destroys `deflate`, which is where it is heard of.
  pipeline(Readable.from(counted(), { objectMode: false }), deflate).catch(() => {})
  yield* deflate as AsyncIterable<Buffer>
}

/** Of a file in place, or the longer one in the directory at the end. */
function header(signature: number, { name, crc, packed, size, offset }: Written, date: number): Buffer {
  const central = signature === 0x02014b50
  const fixed = Buffer.alloc(central ? 46 : 30)
  let at = fixed.writeUInt32LE(signature, 0)
  if (central) at = fixed.writeUInt16LE(VERSION, at)
  for (const value of [VERSION, FLAGS, DEFLATE]) at = fixed.writeUInt16LE(value, at)
  at = fixed.writeUInt32LE(date, at)
  for (const value of central ? [crc, packed, size] : [0, 0, 0]) at = fixed.writeUInt32LE(value, at)
  fixed.writeUInt16LE(name.length, at)
  if (central) fixed.writeUInt32LE(offset, 42)
  return Buffer.concat([fixed, name])
}

/** Local time of nowhere in particular, from 1980 on, to two seconds. */
function dosDate(date: Date): number {
  const day = (Math.max(0, date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1)
  return ((day << 16) | time) >>> 0
}
