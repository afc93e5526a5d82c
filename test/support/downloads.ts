import { unzip } from '../unit/files/unzip.ts'
import type { World } from './world.ts'

export interface Download {
  status: number
  headers: Headers
  bytes: Buffer
}

/** A file as a client gets it; without a key when it is null. */
export async function download(
  world: World,
  path: string,
  { key = world.root.key, headers = {} }: { key?: string | null; headers?: Record<string, string> } = {},
): Promise<Download> {
  const response = await fetch(new URL(path, world.url), {
    headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
  })
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const plain = (xml: string) => xml.replace(/&(\w+);/g, (_, name) => ENTITIES[name] ?? '')

/** Sheets of a workbook by name, each as rows of texts; empty cells are ''. */
export function readWorkbook(bytes: Buffer): Map<string, string[][]> {
  const files = unzip(bytes)
  const names = [...files.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map((match) =>
    plain(match[1]!),
  )
  return new Map(names.map((name, index) => [name, rowsOf(files.get(`xl/worksheets/sheet${index + 1}.xml`)!)]))
}

function rowsOf(sheet: string): string[][] {
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, cells]) => {
    const row: string[] = []
    for (const [, letters, value] of cells!.matchAll(/<c r="([A-Z]+)\d+"[^>]*>(?:<v>(.*?)<\/v>)?/gs)) {
      row[columnOf(letters!)] = plain(value ?? '')
    }
    return Array.from(row, (cell) => cell ?? '')
  })
}

const columnOf = (letters: string) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** Text of a page without the blanks that layout puts into it. */
export const squeezed = (text: string) => text.replace(/\s+/g, '')
