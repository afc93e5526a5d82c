import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../time/clock.ts'
import { tooManyRequests, toProblemBody } from './problem.ts'
import { CODE_PATH } from './public-page.ts'

const MINUTE_S = 60
/** As `newSecret` makes them. */
const WELL_FORMED = /^[\w-]{43}$/

/** The secret in the address of a page, when it could be one. */
export function secretOf({ params }: Pick<FastifyRequest, 'params'>): string | undefined {
  const { secret } = params as { secret?: string }
  return secret !== undefined && WELL_FORMED.test(secret) ? secret : undefined
}

/** An id, and for doors that are no post itself what proves that we made them. */
const DOOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[\w-]{22})?$/

/** The page that hundreds open together, from one address maybe: for short codes, or at the door of a post. */
export function sharedPageOf({ params, routeOptions }: Pick<FastifyRequest, 'params' | 'routeOptions'>) {
  if (routeOptions.url === CODE_PATH) return CODE_PATH
  const { door } = params as { door?: string }
  return door !== undefined && DOOR.test(door) ? door : undefined
}

/** A page that hundreds share bears so many times as much as one person's. */
const SHARED = 100

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
 * the limit dead links, and nothing else, are answered with 429. The pages that hundreds share have a limit each, for
 * everybody together; what people enter there is counted where it is judged.
 */
export function limitBySecret(scope: FastifyInstance, { perMinute, clock }: { perMinute: number; clock: Clock }): void {
  const [ofSecrets, ofAddresses] = [minuteTally(clock), minuteTally(clock)]
  const mostChanges = Math.ceil(perMinute / 20)
  const refusal = (most: number) => tooManyRequests(most, '1 minute')

  scope.addHook('onRequest', (request, reply, done) => {
    const [secret, shared] = [secretOf(request), sharedPageOf(request)]
    const key = secret ?? shared
    if (key === undefined) return done()
    const changes = request.method === 'POST'
    const most = shared !== undefined ? SHARED * perMinute : changes ? mostChanges : perMinute
    if (ofSecrets(`${changes} ${key}`) <= most) return done()
    reply.header('retry-after', MINUTE_S)
    done(refusal(most))
  })
  scope.addHook('onSend', (request, reply, payload, done) => {
    const isDead = reply.statusCode === 404 && (secretOf(request) ?? sharedPageOf(request)) !== undefined
    if (!isDead || ofAddresses(request.ip) <= perMinute) return done(null, payload)
    reply.code(429).header('retry-after', MINUTE_S).type('application/problem+json')
    done(null, JSON.stringify(toProblemBody(refusal(perMinute), request.id)))
  })
}
