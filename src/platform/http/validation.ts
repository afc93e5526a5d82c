import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import { z } from 'zod'
import { type FieldError, ProblemError } from './problem.ts'

const PARTS = [
  ['params', 'path'],
  ['querystring', 'query'],
  ['body', 'body'],
] as const

const escapePointer = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')
const pointerOf = (part: string, path: PropertyKey[]) => `/${[part, ...path.map(escapePointer)].join('/')}`

const codeOf = (issue: z.core.$ZodIssue): string => {
  const given = issue.code === 'custom' ? (issue.params as { code?: unknown } | undefined)?.code : undefined
  return typeof given === 'string' ? given : issue.code.replaceAll('_', '-')
}

function toFieldErrors(part: string, issues: z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: pointerOf(part, [...issue.path, key]),
        code: 'field-unknown',
        detail: 'This field is not known here.',
      }))
    }
    if (issue.code === 'invalid_union' && issue.errors.length === 1) {
      return toFieldErrors(part, issue.errors[0]!).map((error) => ({
        ...error,
        pointer: pointerOf(part, issue.path) + error.pointer.slice(part.length + 1),
      }))
    }
    return [{ pointer: pointerOf(part, issue.path), code: codeOf(issue), detail: issue.message }]
  })
}

const schemaOf = (schema: FastifySchema | undefined, key: 'params' | 'querystring' | 'body') => {
  const candidate = schema?.[key]
  return candidate instanceof z.ZodType ? candidate : undefined
}

/** All that is wrong with path, query and body together; the parsed values replace the raw ones. */
async function validate(request: FastifyRequest): Promise<void> {
  const errors: FieldError[] = []
  for (const [key, part] of PARTS) {
    const schema = schemaOf(request.routeOptions.schema, key)
    if (!schema) continue
    const field = key === 'querystring' ? 'query' : key
    // A body that was left out stands for an empty one, so that its missing fields are named.
    const given = key === 'body' ? (request.body ?? {}) : request[field]
    const parsed = await schema.safeParseAsync(given)
    if (parsed.success) request[field] = parsed.data
    else errors.push(...toFieldErrors(part, parsed.error.issues))
  }
  if (errors.length > 0) {
    throw new ProblemError(
      400,
      'request-invalid',
      errors.length === 1 ? errors[0]!.detail : `${errors.length} fields are wrong.`,
      { errors },
    )
  }
}

/** Fastify would stop at the first wrong part of a request; this looks at all of them before it answers. */
export function validateWholeRequests(app: FastifyInstance): void {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.addHook('preValidation', validate)
}
