import { UnreadableFileError } from './problems.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'gb18030'

export type DecodedText = {
  /** The beginning, long enough for a header; all of a small file. */
  head: string
  /** What follows the head, as it arrives. */
  rest: AsyncIterable<string>
  /** Of what was read so far: a file is taken for UTF-8 until a byte says otherwise. */
  readonly encoding: Encoding
}

const HEAD_BYTES = 64 * 1024

/**
 * Text of an upload without its byte order mark, decoded as it arrives. What is not UTF-8 is taken for GB 18030, which
 * contains GBK and GB 2312: that is how Chinese spreadsheets save CSV. UTF-16 is known by its mark only. The first
 * bytes beyond ASCII decide; before them the encodings do not differ.
 * Throws UnreadableFileError for a file that is no text or has more than `limit` bytes, the latter also while reading.
 */
export async function decodeText(upload: AsyncIterable<Uint8Array>, limit: number): Promise<DecodedText> {
  const chunks = countedChunks(upload, limit)[Symbol.asyncIterator]()
  const decoder = createDecoder()
  const first: Uint8Array[] = []
  for (let size = 0; size < HEAD_BYTES; ) {
    const next = await chunks.next()
    if (next.done)
      return { head: decoder.decode(Buffer.concat(first), true), rest: nothing(), encoding: decoder.encoding }
    first.push(next.value)
    size += next.value.byteLength
  }
  const head = decoder.decode(Buffer.concat(first), false)
  return {
    head,
    rest: restOf(chunks, decoder),
    get encoding() {
      return decoder.encoding
    },
  }
}

async function* nothing(): AsyncGenerator<string> {}

async function* countedChunks(upload: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of upload) {
    size += chunk.byteLength
    if (size > limit) throw new UnreadableFileError('file-too-large', `The file is larger than ${limit} bytes.`)
    yield chunk
  }
}

async function* restOf(chunks: AsyncIterator<Uint8Array>, decoder: Decoder): AsyncGenerator<string> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield decoder.decode(next.value, false)
  yield decoder.decode(new Uint8Array(), true)
}

type Decoder = ReturnType<typeof createDecoder>

function createDecoder() {
  let encoding: Encoding = 'utf-8'
  let decided = false
  let decoder = new TextDecoder('utf-8', { fatal: true })
  const use = (chosen: Encoding) => {
    encoding = chosen
    decided = true
    decoder = new TextDecoder(chosen, { fatal: true })
  }
  return {
    get encoding() {
      return encoding
    },
    decode(bytes: Uint8Array, last: boolean): string {
      if (!decided && bytes[0] === 0xff && bytes[1] === 0xfe) use('utf-16le')
      if (!decided && bytes.some((byte) => byte >= 0x80)) use(beginsAsUtf8(bytes, last) ? 'utf-8' : 'gb18030')
      const text = decodeWith(decoder, bytes, last)
      if (text === undefined || text.includes('\0')) throw noText()
      return text
    },
  }
}

/** Whether these bytes are UTF-8; the last character may go on in the next chunk. */
const beginsAsUtf8 = (bytes: Uint8Array, last: boolean) =>
  decodeWith(new TextDecoder('utf-8', { fatal: true }), bytes, last) !== undefined

function decodeWith(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, last: boolean): string | undefined {
  try {
    return decoder.decode(bytes, { stream: !last })
  } catch {
    return undefined
  }
}

const noText = () =>
  new UnreadableFileError(
    'unknown-encoding',
    'The file is neither UTF-8 nor GBK text. Maybe it is a workbook: save it as CSV UTF-8.',
  )
