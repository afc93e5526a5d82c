import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Fingerprint {
  bytes: number
  /** SHA-256, hexadecimal. */
  sha256: string
}

/** Lets bytes pass and knows what they were; `done` hears of it before the reader learns that this was all. */
export function fingerprinted(done: (print: Fingerprint) => Promise<void> | void = () => {}) {
  const hash = createHash('sha256')
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      hash.update(chunk)
      next(null, chunk)
    },
    flush(next) {
      Promise.resolve(done({ bytes, sha256: hash.digest('hex') })).then(() => next(), next)
    },
  })
}

/** Makes a file whole before its first byte is sent, so that its fingerprint can go before it. Gone once it is read. */
export async function spooled(body: Readable, signal?: AbortSignal): Promise<Fingerprint & { body: Readable }> {
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-file-'))
  const clean = () => rm(folder, { recursive: true, force: true })
  const file = join(folder, 'file')
  let print: Fingerprint | undefined
  try {
    const seen = fingerprinted((found) => {
      print = found
    })
    await pipeline(body, seen, createWriteStream(file), { signal })
  } catch (error) {
    await clean()
    throw error
  }
  const reader = createReadStream(file)
  reader.once('close', clean)
  return { ...print!, body: reader }
}
