import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes only what the caller has read: it wants If-Match. */
    ifMatch?: boolean
  }
}

export const etagOf = (version: number): string => `"${version}"`

/** The version a client has read, from If-Match; 428 without one, 400 when it is not one of our tags. */
export function requiredVersion(request: FastifyRequest): number {
  const given = request.headers['if-match']
  if (given === undefined) {
    throw new ProblemError(
      428,
      'if-match-needed',
      'Send If-Match with the ETag you have read, so that nobody overwrites what they have not seen.',
    )
  }
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(given.trim())?.[1]
  if (version === undefined)
    throw new ProblemError(400, 'if-match-wrong', `If-Match is not an ETag of this service: ${given.slice(0, 40)}`)
  return Number(version)
}
