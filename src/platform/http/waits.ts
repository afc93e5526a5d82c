import type { FastifyInstance } from 'fastify'
import { type Limits, type Patience, within } from '../db/patience.ts'

declare module 'fastify' {
  interface FastifyRequest {
    patience: Patience
  }
}

/** Lets no request wait for the database longer than this, whatever it asks. */
export function limitWaits(app: FastifyInstance, limits: Limits): void {
  app.decorateRequest('patience', null as unknown as Patience)
  app.addHook('onRequest', (request, _reply, done) => {
    request.patience = { ...limits }
    within(request.patience, done)
  })
  // A body is read on behalf of its connection, and so is all that follows.
  app.addHook('preValidation', (request, _reply, done) => within(request.patience, done))
}
