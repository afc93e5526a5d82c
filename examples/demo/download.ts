import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { count } from './report.ts'
import type { Stage } from './stage.ts'

/** Streams what `path` answers into a file of the exports; says where it is and how large. */
export async function download({ api, exportsDir }: Stage, path: string, name: string): Promise<string> {
  const response = await api.open(path)
  const file = join(exportsDir, name)
  await pipeline(Readable.fromWeb(response.body!), createWriteStream(file))
  return `${relative('', file)}  ${count((await stat(file)).size)} bytes`
}
