import { createHash } from 'node:crypto'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../time/clock.ts'
import type { Db } from '../db/client.ts'
import { idempotencyKeys } from './idempotency.tables.ts'
import { ProblemError } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** 'required': the route refuses to work without an Idempotency-Key; 'optional': it honours one. */
    idempotency?: 'required' | 'optional'
  }
  interface FastifyRequest {
    idempotencyKey: string | undefined
  }
}

const KEPT_MS = 24 * 3_600_000
const LOCK_MS = 60_000

const fingerprintOf = (request: FastifyRequest) =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${typeof request.body === 'object' ? JSON.stringify(request.body) : ''}`)
    .digest('hex')

const owner = (request: FastifyRequest) => `${request.actor.kind}:${request.actor.id}`

/**
 * Answers a repeated request with the stored answer of the first one. Keys belong to a client and live 24 hours; the
 * same key with another request is 422, with one that is still running 409. Errors of the service (5xx) are not kept.
 */
export function honourIdempotencyKeys(app: FastifyInstance, db: Db, clock: Clock): void {
  app.decorateRequest('idempotencyKey', undefined)

  const begin = async (
    request: FastifyRequest,
    key: string,
  ): Promise<'fresh' | typeof idempotencyKeys.$inferSelect> => {
    const now = clock.now()
    const row = {
      actorId: owner(request),
      key,
      fingerprint: fingerprintOf(request),
      createdAt: now,
      lockedUntil: new Date(now.getTime() + LOCK_MS),
    }
    const takeOver = or(
      lte(idempotencyKeys.createdAt, new Date(now.getTime() - KEPT_MS)),
      and(
        isNull(idempotencyKeys.status),
        lte(idempotencyKeys.lockedUntil, now),
        eq(idempotencyKeys.fingerprint, row.fingerprint),
      ),
    )
    const taken = await db
      .insert(idempotencyKeys)
      .values(row)
      .onConflictDoUpdate({
        target: [idempotencyKeys.actorId, idempotencyKeys.key],
        set: { ...row, status: null, body: null, headers: null },
        setWhere: takeOver!,
      })
      .returning({ key: idempotencyKeys.key })
    if (taken.length > 0) return 'fresh'
    const [known] = await db
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.actorId, row.actorId), eq(idempotencyKeys.key, key)))
    if (known!.fingerprint !== row.fingerprint) {
      throw new ProblemError(
        422,
        'idempotency-key-reused',
        'This Idempotency-Key belongs to another request. Maybe make a new one.',
      )
    }
    if (known!.status === null) {
      throw new ProblemError(409, 'request-running', 'The first request with this Idempotency-Key is still running.')
    }
    return known!
  }

  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const wish = request.routeOptions.config.idempotency
    if (!wish) return
    const key = request.headers['idempotency-key']
    if (key === undefined) {
      if (wish === 'optional') return
      throw new ProblemError(
        400,
        'idempotency-key-needed',
        'Send an Idempotency-Key, so that a repeated request does not do the work twice.',
      )
    }
    if (typeof key !== 'string' || key.length === 0 || key.length > 255) {
      throw new ProblemError(400, 'idempotency-key-wrong', 'An Idempotency-Key has 1 to 255 characters.')
    }
    const known = await begin(request, key)
    if (known === 'fresh') {
      request.idempotencyKey = key
      return
    }
    return reply
      .code(known.status!)
      .headers({ ...JSON.parse(known.headers ?? '{}'), 'idempotent-replayed': 'true' })
      .serializer((body: unknown) => String(body))
      .send(known.body ?? '')
  })

  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.idempotencyKey) return
    const mine = and(eq(idempotencyKeys.actorId, owner(request)), eq(idempotencyKeys.key, request.idempotencyKey))
    if (reply.statusCode >= 500 || typeof payload !== 'string') {
      await db.delete(idempotencyKeys).where(mine)
      return
    }
    const headers = {
      'content-type': reply.getHeader('content-type'),
      etag: reply.getHeader('etag'),
      location: reply.getHeader('location'),
    }
    await db
      .update(idempotencyKeys)
      .set({
        status: reply.statusCode,
        body: payload,
        headers: JSON.stringify(headers),
        lockedUntil: sql`${idempotencyKeys.createdAt}`,
      })
      .where(mine)
  })
}
