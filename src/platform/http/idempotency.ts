import { createHash } from 'node:crypto'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../time/clock.ts'
import type { Db } from '../db/client.ts'
import { type Mark, markWith, within } from '../db/patience.ts'
import { idempotencyKeys } from './idempotency.tables.ts'
import { ProblemError } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** 'required': the route refuses to work without an Idempotency-Key; 'optional': it honours one. */
    idempotency?: 'required' | 'optional'
  }
  interface FastifyRequest {
    idempotencyKey: string | undefined
    /** By which is told whether what has this key was done. */
    mark: Mark | undefined
  }
}

const KEPT_MS = 24 * 3_600_000
const LOCK_MS = 60_000
/** For writing down what became of a request whose answer is waiting. */
const LAST_WORD = { readMs: 2_000, writeMs: 2_000 }

const fingerprintOf = (request: FastifyRequest) =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${typeof request.body === 'object' ? JSON.stringify(request.body) : ''}`)
    .digest('hex')

const owner = (request: FastifyRequest) => `${request.actor.kind}:${request.actor.id}`

/**
 * What the request does is written together with the word that it was done: the lock then lasts as long as the key. So
 * it can be told afterwards, when the answer to COMMIT was lost, and no other request does it again.
 */
function markOf(actorId: string, key: string): Mark {
  const mine = [actorId, key]
  return {
    write: (tx) =>
      tx.unsafe(
        `update idempotency_keys set locked_until = created_at + interval '${KEPT_MS} milliseconds'
         where actor_id = $1 and key = $2`,
        mine,
      ),
    async isWritten(sql) {
      const [row] = await sql.unsafe<{ written: boolean }[]>(
        `select locked_until > created_at + interval '${LOCK_MS} milliseconds' as written from idempotency_keys
         where actor_id = $1 and key = $2 for update`,
        mine,
      )
      return row?.written ?? false
    },
  }
}

/**
 * Answers a repeated request with the stored answer of the first one. Keys belong to a client and live 24 hours; the
 * same key with another request is 422, with one that is still running 409. Errors of the service (5xx) are not kept,
 * unless what was done could not be undone: then the key is used up.
 */
export function honourIdempotencyKeys(app: FastifyInstance, db: Db, clock: Clock): void {
  app.decorateRequest('idempotencyKey', undefined)
  app.decorateRequest('mark', undefined)

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
    if (known!.status === null && known!.createdAt.getTime() + LOCK_MS <= now.getTime()) {
      throw new ProblemError(
        409,
        'answer-lost',
        'What was asked for with this Idempotency-Key was done, but the answer was lost. Look at what there is before you ask again.',
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
      request.mark = markOf(owner(request), key)
      markWith(request.mark)
      return
    }
    return reply
      .code(known.status!)
      .headers({ ...JSON.parse(known.headers ?? '{}'), 'idempotent-replayed': 'true' })
      .serializer((body: unknown) => String(body))
      .send(known.body ?? '')
  })

  const settle = async (request: FastifyRequest, key: string, answer: Partial<typeof idempotencyKeys.$inferInsert>) => {
    const mine = and(eq(idempotencyKeys.actorId, owner(request)), eq(idempotencyKeys.key, key))
    const lockedUntil = sql`${idempotencyKeys.createdAt}`
    if (answer.status !== undefined)
      await db
        .update(idempotencyKeys)
        .set({ ...answer, lockedUntil })
        .where(mine)
    else if (!request.mark?.inDoubt) await db.delete(idempotencyKeys).where(mine)
  }

  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotencyKey: key } = request
    if (!key) return
    const headers = JSON.stringify({
      'content-type': reply.getHeader('content-type'),
      etag: reply.getHeader('etag'),
      location: reply.getHeader('location'),
    })
    const { statusCode: status } = reply
    const isKept = status < 500 && typeof payload === 'string'
    const answer = isKept ? { status, headers, body: payload } : {}
    try {
      await within(LAST_WORD, () => settle(request, key, answer))
    } catch (error) {
      // What was done is done: its answer goes out all the same.
      request.log.warn({ err: error }, 'the answer to an Idempotency-Key is not kept')
    }
  })
}
