import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Call {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it freely
  body: any
}

export interface PeerAnswer {
  status?: number
  headers?: Record<string, string>
  /** JSON, or text as it is. */
  body?: unknown
  /** Takes the request and says nothing. */
  silent?: boolean
  /** Answers when this is over. */
  after?: Promise<unknown>
}

export type Peer = Awaited<ReturnType<typeof startPeer>>

/** A real listening HTTP server that keeps what it was asked and answers as it is told. */
export async function startPeer(answer: (call: Call, number: number) => PeerAnswer = () => ({ body: {} })) {
  const calls: Call[] = []
  const state = { answer }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { pathname, searchParams } = new URL(request.url!, 'http://peer')
    const isJson = request.headers['content-type']?.includes('json')
    const call: Call = {
      method: request.method!,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
    calls.push(call)
    const { status = 200, headers = {}, body = '', silent, after } = state.answer(call, calls.length)
    if (silent) return
    await after
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    calls,
    port,
    url: `http://127.0.0.1:${port}`,
    /** From now on it answers so. */
    answers(next: (call: Call, number: number) => PeerAnswer) {
      state.answer = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
