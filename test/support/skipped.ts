import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'

const FILE = new URL('../../.cache/skipped.jsonl', import.meta.url)

export interface Skipped {
  what: string
  why: string
}

export const forgetSkipped = () => rm(FILE, { force: true })

/** Notes what a run could not test, so that its last lines can say so. */
export async function recordSkipped(what: string, why: string): Promise<void> {
  await mkdir(new URL('.', FILE), { recursive: true })
  await appendFile(FILE, `${JSON.stringify({ what, why })}\n`)
}

export async function readSkipped(): Promise<Skipped[]> {
  const text = await readFile(FILE, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
