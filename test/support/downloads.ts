import { parse } from 'csv-parse/sync'
import { expect } from 'vitest'
import type { World } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

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

/** Downloads that must succeed: a file as it is, a CSV file by its header, a file of JSON lines. */
export const filesOf = (world: () => World) => {
  const fileOf = async (path: string) => {
    const { status, headers, bytes } = await download(world(), path)
    expect(status, bytes.toString()).toBe(200)
    return { headers, bytes }
  }
  const csvOf = async (path: string) => parse((await fileOf(path)).bytes, { bom: true, columns: true }) as Json[]
  const linesOf = async (path: string): Promise<Json[]> => {
    const text = (await fileOf(`${path}&format=jsonl`)).bytes.toString().trimEnd()
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line))
  }
  return { fileOf, csvOf, linesOf }
}

/** Text of a page without the blanks that layout puts into it. */
export const squeezed = (text: string) => text.replace(/\s+/g, '')
