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
