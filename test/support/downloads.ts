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

/** Text of a page without the blanks that layout puts into it. */
export const squeezed = (text: string) => text.replace(/\s+/g, '')
