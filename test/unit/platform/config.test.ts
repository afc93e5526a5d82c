import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../../src/platform/config/config.ts'
import { assertNode } from '../../../src/platform/config/node-version.ts'

const example = () =>
  Object.fromEntries(
    readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => {
        const at = line.indexOf('=')
        return [line.slice(0, at), line.slice(at + 1)]
      }),
  )

test('the example file says exactly what holds when nothing is set', () => {
  expect(readConfig(example())).toEqual(readConfig({}))
})

test('the example file lists every setting that is read', () => {
  const read = new Set<string>()
  readConfig(
    new Proxy({} as Record<string, string>, {
      get: (_target, name) => {
        if (typeof name === 'string') read.add(name)
        return undefined
      },
    }),
  )
  expect(Object.keys(example()).sort()).toEqual([...read].sort())
})

test('the engine uses two cores where there are two, and as many threads as it is told', () => {
  expect(readConfig({}).engine.threads).toBe(availableParallelism() === 1 ? 1 : 2)
  expect(readConfig({ ENGINE_THREADS: '5' }).engine.threads).toBe(5)
  const row = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    .split('\n')
    .find((line) => line.startsWith('| `ENGINE_THREADS` |'))
  expect([example().ENGINE_THREADS, row]).toEqual([
    '',
    expect.stringContaining('as many as there are cores, two at most'),
  ])
})

test('all wrong settings are named at once', () => {
  const wrong = {
    PORT: '99999',
    DATABASE_URL: 'mysql://x',
    LOG_LEVEL: 'loud',
    SMTP_URL: 'nonsense',
    TRUST_PROXY: 'maybe',
  }
  let caught: unknown
  try {
    readConfig(wrong)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(ConfigError)
  expect((caught as ConfigError).problems.map((problem) => problem.split(':')[0]).sort()).toEqual(
    Object.keys(wrong).sort(),
  )
})

test('a Node that cannot run TypeScript is refused in words', () => {
  expect(() => assertNode('20.19.0')).toThrow(/npm start/)
  expect(() => assertNode('22.17.9')).toThrow()
  expect(() => assertNode('22.18.0')).not.toThrow()
  expect(() => assertNode('24.0.0')).not.toThrow()
})
