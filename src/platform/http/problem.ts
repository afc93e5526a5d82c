export interface FieldError {
  /** JSON pointer into the request: '/body/name', '/query/limit', '/path/id'. */
  pointer: string
  code: string
  detail: string
}

/** What went wrong, as RFC 9457 problem details; thrown anywhere, rendered once. */
export class ProblemError extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[]
  readonly extra: Record<string, unknown>
  /** Of the answer. */
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { errors?: FieldError[]; extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail)
    this.name = 'ProblemError'
    this.status = status
    this.code = code
    this.errors = more.errors ?? []
    this.extra = more.extra ?? {}
    this.headers = more.headers ?? {}
  }
}

export const unknownSubject = (what: string, id: string) =>
  new ProblemError(404, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)

export const invalid = (errors: FieldError[]) =>
  new ProblemError(422, 'invalid', errors.length === 1 ? errors[0]!.detail : `${errors.length} fields are wrong.`, {
    errors,
  })

export const stale = (current: number) =>
  new ProblemError(412, 'stale', `This has changed meanwhile: its version is now ${current}. Maybe read it again.`, {
    extra: { currentVersion: current },
  })

export const tooManyRequests = (max: number, after: string) =>
  new ProblemError(429, 'too-many-requests', `More than ${max} requests a minute. Try again in ${after}.`)

/** Seconds after which it is worth trying again: the time in which dead connections are replaced, and a little more. */
const AWAY_S = 5

export const databaseAway = () =>
  new ProblemError(
    503,
    'database-away',
    'The database does not answer at the moment. Try again: with the same Idempotency-Key nothing is done twice.',
    { headers: { 'retry-after': String(AWAY_S) } },
  )

/** Collects all that is wrong, so that one answer names everything. */
export function findings() {
  const errors: FieldError[] = []
  return {
    errors,
    add: (pointer: string, code: string, detail: string) => {
      errors.push({ pointer, code, detail })
    },
    throwIfAny: () => {
      if (errors.length > 0) throw invalid(errors)
    },
  }
}
export type Findings = ReturnType<typeof findings>

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Stale',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be accepted',
  428: 'If-Match is needed',
  429: 'Too many requests',
  503: 'Not ready',
}

export const toProblemBody = (problem: ProblemError, requestId: string) => ({
  type: `/problems/${problem.code}`,
  title: TITLES[problem.status] ?? 'Problem',
  status: problem.status,
  code: problem.code,
  detail: problem.message,
  instance: `/requests/${requestId}`,
  ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  ...problem.extra,
})
