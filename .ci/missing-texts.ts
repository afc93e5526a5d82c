import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { roomsToTranslate } from '../src/platform/texts/catalogue.ts'
import { HAS_TEXTS, type Skeleton, skeletonOf } from '../src/platform/texts/skeleton.ts'

/**
 * Brings src/platform/texts/bo.json up to date: every name of every room is there, null until it is translated; what
 * is translated stays, names that are gone go. Says what is missing. `--check` writes nothing.
 */
const SRC = fileURLToPath(new URL('../src', import.meta.url))
const FILE = join(SRC, 'platform/texts/bo.json')

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
for (const file of sources) {
  const asks = HAS_TEXTS.test(readFileSync(join(SRC, file), 'utf8'))
  if (asks) await import(join(SRC, file))
}

const before: Skeleton = JSON.parse(readFileSync(FILE, 'utf8'))
const after = skeletonOf(roomsToTranslate(), before)
const text = `${JSON.stringify(after, null, 2)}\n`
const isCurrent = text === readFileSync(FILE, 'utf8')
const missing = text.match(/: null/g)?.length ?? 0
if (process.argv.includes('--check')) {
  console.log(isCurrent ? 'bo.json has every name.' : 'bo.json lacks names: run npm run texts:missing')
  process.exitCode = isCurrent ? 0 : 1
} else {
  writeFileSync(FILE, text)
  console.log(`${Object.keys(after).length} rooms, ${missing} texts wait for a translation.`)
}
