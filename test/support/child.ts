import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Kept from one process to the next: reading the sources anew is most of what a start takes. */
const COMPILED = fileURLToPath(new URL('../../.cache/compiled', import.meta.url))

export interface Child extends AsyncDisposable {
  process: ChildProcess
  output(): string
  /** Resolves with the first match in what the process prints; rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  exited: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts one of the project's own entry files as a process of its own, with these settings and no others. */
export function startChild(script: string, settings: Record<string, string>, args: string[] = []): Child {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      NODE_COMPILE_CACHE: COMPILED,
      LOG_LEVEL: 'info',
      PORT: '0',
      SECRET_KEY: 'a secret for tests that is long enough',
      ...settings,
    },
  })
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk
      for (const listener of listeners) listener()
    })
  }
  const exited = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text)
        if (match) {
          listeners.delete(look)
          resolve(match)
        }
      }
      listeners.add(look)
      look()
      void exited.then((code) => reject(new Error(`${script} ended with ${code} before it said ${pattern}:\n${text}`)))
    })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null) child.kill(signal)
    return exited
  }
  return {
    process: child,
    output: () => text,
    says,
    exited,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  }
}
