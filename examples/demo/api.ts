/** What the demo, or any other client, needs to talk to the service: fetch, a key and a way to say what went wrong. */

export class ApiError extends Error {
  readonly status: number
  constructor(request: string, status: number, text: string) {
    super(`${request} answered ${status}: ${text.slice(0, 2_000)}`)
    this.name = 'ApiError'
    this.status = status
  }
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export interface Answer<T> {
  body: T
  /** For If-Match. */
  etag: string | undefined
}

export interface CallOptions {
  ifMatch?: string | undefined
  idempotencyKey?: string
  /** Sent as it is instead of JSON. */
  raw?: { type: string; body: string }
}

export type Api = ReturnType<typeof createApi>

export function createApi(baseUrl: string, key: string) {
  async function send(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Response> {
    const { ifMatch, idempotencyKey, raw } = options
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(raw ? { 'content-type': raw.type } : body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch ? { 'if-match': ifMatch } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      body: raw ? raw.body : body === undefined ? undefined : JSON.stringify(body),
    })
    if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, await response.text())
    return response
  }

  async function call<T>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<T>> {
    const response = await send(method, path, body, options)
    const text = await response.text()
    return { body: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('etag') ?? undefined }
  }

  const get = async <T>(path: string): Promise<T> => (await call<T>('GET', path)).body
  const post = async <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> =>
    (await call<T>('POST', path, body, options)).body

  return {
    call,
    get,
    post,
    /** The body as a stream: event streams and files. */
    open: (path: string): Promise<Response> => send('GET', path),

    /** Every item of a list, page by page. */
    async all<T>(path: string): Promise<T[]> {
      const items: T[] = []
      const more = path.includes('?') ? '&' : '?'
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page<T> = await get(`${path}${more}limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
        items.push(...page.items)
        cursor = page.nextCursor
      }
      return items
    },
  }
}

/** Does `work` for every item, a few at a time, and keeps the order of the answers. */
export async function each<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index)
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  return results
}
