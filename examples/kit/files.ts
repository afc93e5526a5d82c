import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Stage } from '../demo/stage.ts'

/** Fetches files by name and path; how many bytes they have together. None of them may be empty. */
export async function download(
  { api, exportsDir }: Stage,
  say: (line: string) => void,
  files: Record<string, string>,
): Promise<number> {
  let bytes = 0
  for (const [name, path] of Object.entries(files)) {
    const response = await api.open(path)
    const file = join(exportsDir, name)
    await pipeline(Readable.fromWeb(response.body!), createWriteStream(file))
    const { size } = await stat(file)
    if (size === 0) throw new Error(`${name} is empty.`)
    say(`${name.padEnd(28)} ${size.toLocaleString('en')} bytes`)
    bytes += size
  }
  return bytes
}
