import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAway, refusedBy } from '../db/errors.ts'
import { databaseAway, ProblemError, toProblemBody } from './problem.ts'

/** Constraint name to the problem a caller can understand; modules hand theirs in. */
export type ConstraintProblems = Record<string, () => ProblemError>

const isFastifyError = (error: unknown): error is FastifyError => error instanceof Error && 'statusCode' in error

function toProblem(error: unknown, constraints: ConstraintProblems): ProblemError | undefined {
  if (error instanceof ProblemError) return error
  if (isAway(error)) return databaseAway()
  const constraint = refusedBy(error)
  if (constraint && constraints[constraint]) return constraints[constraint]()
  if (constraint)
    return new ProblemError(409, 'conflict', `The promise "${constraint.replaceAll('_', ' ')}" would be broken.`)
  if (isFastifyError(error) && error.statusCode && error.statusCode < 500) {
    const code = error.code
      .replace(/^FST_(ERR_)?/, '')
      .toLowerCase()
      .replaceAll('_', '-')
    return new ProblemError(error.statusCode, code, error.message)
  }
  return undefined
}

/** Renders every error as RFC 9457. What is not known to be harmless goes to the log and not to the caller. */
export function answerWithProblems(app: FastifyInstance, constraints: ConstraintProblems): void {
  const send = (request: FastifyRequest, reply: FastifyReply, problem: ProblemError) =>
    reply
      .code(problem.status)
      .headers(problem.headers)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(toProblemBody(problem, request.id))

  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error, constraints)
    if (problem && isAway(error)) request.log.warn({ err: error }, 'the database is away')
    if (problem) return send(request, reply, problem)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    request.log.error({ err: cause }, 'unexpected')
    return send(
      request,
      reply,
      new ProblemError(
        500,
        'unexpected',
        `Something went wrong here. Name request ${request.id} when you ask about it.`,
      ),
    )
  })
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      new ProblemError(404, 'nothing-here', `Nothing answers ${request.method} ${request.url.split('?')[0]}.`),
    ),
  )
}
