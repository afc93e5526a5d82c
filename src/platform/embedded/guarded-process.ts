import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'

export type GuardedProcess = {
  child: ChildProcess
  /** Sends the signal and waits for the end; resolves at once when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Lets our process end although this one runs; the guard then ends it too. */
  unref(): void
}

/**
 * The shell leaves a guard behind and becomes the program, so the pid is the program's own. The guard waits at
 * descriptor 3, whose other end only our process holds: a line sends it home, the end of file, however our process
 * went, makes it end the program.
 */
const BECOME_GUARDED = `( (read -r _ <&3 || kill -s "$0" $$) >/dev/null 2>&1 & )
exec "$@" 3<&-`

/**
 * Starts a server that never outlives this process: when we are gone it gets `lastSignal`. It runs in a session of its
 * own, so Ctrl-C reaches us first and we can still use it while we close. Its standard error is a pipe: read it.
 */
export function spawnGuarded(
  command: string[],
  lastSignal: 'INT' | 'KILL',
  options: Pick<SpawnOptions, 'uid' | 'gid' | 'cwd' | 'env'>,
): GuardedProcess {
  const child = spawn('/bin/sh', ['-c', BECOME_GUARDED, lastSignal, ...command], {
    ...options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const guard = child.stdio[3] as Socket
  guard.on('error', () => {})
  const ended = once(child, 'exit')
  ended.then(
    () => guard.end('\n'),
    () => guard.destroy(),
  )
  return {
    child,
    async end(signal) {
      child.ref()
      child.kill(signal)
      await ended
    },
    unref() {
      child.unref()
      guard.unref()
      ;(child.stderr as Socket).unref()
    },
  }
}
