import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { serverEnvironment } from './cluster.ts'
import { ServerStartError } from './errors.ts'
import { spawnGuarded } from './guarded-process.ts'
import type { ServerAccount } from './server-account.ts'

export type ServerProcess = { stop(): Promise<void> }

const READY = 'database system is ready to accept connections'
const KEPT_LINES = 30

/** Starts the server and resolves when it accepts connections. Throws ServerStartError when it ends before. */
export async function launchServer(
  command: string[],
  account: ServerAccount,
  log: (line: string) => void,
): Promise<ServerProcess> {
  // SIGINT is PostgreSQL's fast shutdown: connections end, everything is written.
  const server = spawnGuarded(command, 'INT', { ...account, cwd: '/', env: serverEnvironment })
  await untilReady(server.child, log)
  server.unref()
  return { stop: () => server.end('SIGINT') }
}

async function untilReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  const lines: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  createInterface({ input: child.stderr! }).on('line', (line) => {
    log(line)
    if (lines.length < KEPT_LINES) lines.push(line)
    if (line.includes(READY)) resolve()
  })
  child.once('error', reject)
  child.once('close', () => reject(new ServerStartError(lines.join('\n'))))
  await promise
}
