export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/** Another server process is at work on the same data folder. */
export class DataDirInUseError extends Error {
  readonly pid: number
  /** Without the password. */
  readonly url: string

  constructor(dataDir: string, pid: number, url: string) {
    super(
      `The database in ${dataDir} is already running as process ${pid}, at ${url} ` +
        `(password in ${dataDir}/password). Maybe Watchbill was started twice: stop the other one, ` +
        'set DATABASE_URL, or choose another data folder.',
    )
    this.name = 'DataDirInUseError'
    this.pid = pid
    this.url = url
  }
}

/** The server process ended before it was ready; `output` is what it said. */
export class ServerStartError extends Error {
  readonly output: string

  constructor(output: string) {
    super(`PostgreSQL did not start. It said:\n${output || '(nothing)'}`)
    this.name = 'ServerStartError'
    this.output = output
  }
}
