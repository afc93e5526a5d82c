import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../time/clock.ts'
import { tooManyRequests, toProblemBody } from './problem.ts'

const MINUTE_S = 60
/** As `newSecret` makes them. */
const WELL_FORMED = /^[\w-]{43}$/

/** The secret in the address of a page, when it could be one. */
export function secretOf({ params }: Pick<FastifyRequest, 'params'>): string | undefined {
  const { secret } = params as { secret?: string }
  return secret !== undefined && WELL_FORMED.test(secret) ? secret : undefined
}

/** How often each key was met within the minute, which begins for all of them at once. */
function minuteTally(clock: Clock) {
  const counts = new Map<string, number>()
  let endsAt = 0
  return (key: string): number => {
    const now = clock.now().getTime()
    if (now >= endsAt) {
      counts.clear()
      endsAt = now + MINUTE_S * 1_000
    }
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count
  }
}

/**
 * Limits of pages behind a secret: so many requests a minute for each secret, a twentieth of that to change something,
 * and none for the address, which hundreds may share. Only what turns out to be dead is counted for the address; beyond
 * the limit dead links, and nothing else, are answered with 429.
 */
export function limitBySecret(scope: FastifyInstance, { perMinute, clock }: { perMinute: number; clock: Clock }): void {
  const [ofSecrets, ofAddresses] = [minuteTally(clock), minuteTally(clock)]
  const mostChanges = Math.ceil(perMinute / 20)
  const refusal = (most: number) => tooManyRequests(most, '1 minute')

  scope.addHook('onRequest', (request, reply, done) => {
    const secret = secretOf(request)
    if (secret === undefined) return done()
    const changes = request.method === 'POST'
    const most = changes ? mostChanges : perMinute
    if (ofSecrets(`${changes} ${secret}`) <= most) return done()
    reply.header('retry-after', MINUTE_S)
    done(refusal(most))
  })
  scope.addHook('onSend', (request, reply, payload, done) => {
    const isDead = reply.statusCode === 404 && secretOf(request) !== undefined
    if (!isDead || ofAddresses(request.ip) <= perMinute) return done(null, payload)
    reply.code(429).header('retry-after', MINUTE_S).type('application/problem+json')
    done(null, JSON.stringify(toProblemBody(refusal(perMinute), request.id)))
  })
}
