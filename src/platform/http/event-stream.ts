import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** One piece of news, or a sign that the sender is still there. */
export type StreamedNews = { event: 'heartbeat' } | { event: string; data: unknown }

/** Server-sent events (WHATWG HTML, 9.2): a comment keeps the connection from being taken for dead. */
async function* toEventStream(news: AsyncIterable<StreamedNews>): AsyncGenerator<string> {
  for await (const one of news) {
    yield 'data' in one ? `event: ${one.event}\ndata: ${JSON.stringify(one.data)}\n\n` : ': still here\n\n'
  }
}

/** Answers with server-sent events until the news end, the reader goes away, or the process stops. */
export function eventStreams(app: Pick<FastifyInstance, 'addHook'>) {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  return async (reply: FastifyReply, follow: (signal: AbortSignal) => Promise<AsyncIterable<StreamedNews>>) => {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const news = await follow(AbortSignal.any([gone.signal, closing.signal]))
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(Readable.from(toEventStream(news)) as never)
  }
}
