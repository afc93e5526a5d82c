interface PostgresFault {
  code: string
  constraint_name?: string
}

const isFault = (value: unknown): value is PostgresFault =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'

/** The PostgreSQL error inside what drizzle or postgres.js threw; undefined when it is something else. */
export function postgresFault(error: unknown): PostgresFault | undefined {
  if (error instanceof Error && isFault(error.cause)) return error.cause
  return isFault(error) ? error : undefined
}

/** Name of the constraint that refused a write (unique, exclusion, foreign key or check), if one did. */
export function refusedBy(error: unknown): string | undefined {
  const fault = postgresFault(error)
  return fault && ['23505', '23P01', '23503', '23514'].includes(fault.code) ? fault.constraint_name : undefined
}

/** The database did not answer, or not in time. What was asked may have happened all the same. */
export class DatabaseAwayError extends Error {
  /** As the driver or PostgreSQL has named it; 'NO_ANSWER' after a deadline. */
  readonly code: string
  constructor(code: string, cause?: unknown) {
    super(`The database does not answer (${code}).`, { cause })
    this.name = 'DatabaseAwayError'
    this.code = code
  }
}

export const noAnswer = () => new DatabaseAwayError('NO_ANSWER')

/** Shutdown, crash and start of the server, a statement it has ended, and no connection left: what may be asked again. */
const PASSING = ['57P01', '57P02', '57P03', '57014', '53300']

/** Whether the connection is lost that an error of the driver came from. */
export const isLoss = (error: unknown): boolean => isFault(error) && /^(CONNECT|NO_ANSWER$|E[A-Z]{3})/.test(error.code)

/** What the driver has thrown, in one word where it says nothing but that the database is away. */
export const asAway = (error: unknown): unknown =>
  isFault(error) && !(error instanceof DatabaseAwayError) && (isLoss(error) || PASSING.includes(error.code))
    ? new DatabaseAwayError(error.code, error)
    : error

/** Whether somewhere in it lies that the database is away. */
export function isAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof DatabaseAwayError) return true
  return false
}
