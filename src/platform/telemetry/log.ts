/** The part of pino (Fastify's logger) that the rest of the house uses. */
export interface Log {
  error(facts: object, message?: string): void
  warn(facts: object, message?: string): void
  info(facts: object, message?: string): void
  debug(facts: object, message?: string): void
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }
