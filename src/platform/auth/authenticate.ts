import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from '../http/problem.ts'
import { type Actor, covers, type Role } from './actor.ts'
import { hashSecret } from './secrets.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor
  }
  interface FastifyContextConfig {
    /** Least role that may call the route: viewers read, organizers write, admins hand out keys. */
    role?: Role
  }
}

/** Finds who holds the key with this hash; undefined for unknown, expired and revoked ones alike. */
export type FindKeyHolder = (keyHash: string) => Promise<Actor | undefined>

const RANK: Record<Role, number> = { viewer: 0, organizer: 1, admin: 2 }
const defaultRole = (method: string): Role => (method === 'GET' || method === 'HEAD' ? 'viewer' : 'organizer')

const unauthorized = () => new ProblemError(401, 'key-needed', 'Send a valid API key as "Authorization: Bearer wb_…".')

/** Fills `request.actor` from the API key and refuses a role that is too low for the route. */
export function authenticateByKey(app: FastifyInstance, find: FindKeyHolder): void {
  app.decorateRequest('actor', null as unknown as Actor)
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const key = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
    const holder = key && (await find(hashSecret(key)))
    if (!holder) throw unauthorized()
    const needed = request.routeOptions.config?.role ?? defaultRole(request.method)
    if (RANK[holder.role] < RANK[needed]) {
      throw new ProblemError(403, 'role-too-low', `This needs the role ${needed}; the key has ${holder.role}.`)
    }
    request.actor = { ...holder, requestId: request.id }
  })
}

/** Refuses to touch a unit outside the actor's own subtree, in the same words as an unknown one. */
export function assertCovers(
  actor: Actor,
  path: string | undefined,
  problem: () => ProblemError,
): asserts path is string {
  if (path === undefined || !covers(actor, path)) throw problem()
}
