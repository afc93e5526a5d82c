import type { FastifyReply } from 'fastify'

/** Aborted when the reader has gone, also one who went before anybody looked. */
export function readerOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (reply.raw.destroyed) gone.abort()
  else reply.raw.once('close', () => gone.abort())
  return gone.signal
}
