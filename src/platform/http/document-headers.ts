import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

const IfMatch = z.string().meta({ description: 'ETag that was read; 428 without it, 412 when it is stale' })
const IdempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'Made by the client: the same request sent again gets the first answer, for 24 hours' })

/** Puts into the OpenAPI document what routes say of themselves in their config: key, If-Match, Idempotency-Key. */
export function documentHeaders(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { ifMatch, idempotency } = route.config ?? {}
    const headers = {
      ...(ifMatch ? { 'if-match': IfMatch } : {}),
      ...(idempotency
        ? { 'idempotency-key': idempotency === 'required' ? IdempotencyKey : IdempotencyKey.optional() }
        : {}),
    }
    route.schema = {
      security: [{ apiKey: [] }],
      ...(Object.keys(headers).length > 0 ? { headers: z.object(headers) } : {}),
      ...route.schema,
    }
  })
}
