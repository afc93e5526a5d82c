import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, type TestContext, test, vi } from 'vitest'
import { fetchDebianRedis } from '../support/debian-redis.ts'
import { type RedisForTests, redisForTests, type TestRedis } from '../support/redis.ts'

let started: RedisForTests

beforeAll(async () => {
  started = await redisForTests({ own: true })
}, 180_000)

afterAll(async () => {
  if (!('unavailable' in started)) await started.stop()
})

function redisOrSkip(context: TestContext): TestRedis {
  if ('unavailable' in started) return context.skip(started.unavailable)
  return started
}

function client(url: string) {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null, commandTimeout: 1_000 })
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return redis
}

test('is a server of its own that keeps everything', async (context) => {
  const { url, pid } = redisOrSkip(context)
  const redis = client(url)
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
  expect(await redis.config('GET', 'append*')).toEqual(expect.arrayContaining(['appendonly', 'yes', 'everysec']))
  expect(await redis.info('server')).toContain(`process_id:${pid}`)
})

test('comes back with its data after a restart', async (context) => {
  const server = redisOrSkip(context)
  const redis = client(server.url)
  await redis.set('kept', 'yes')
  const before = server.pid
  await server.restart()
  expect(server.pid).not.toBe(before)
  expect(await redis.get('kept')).toBe('yes')
})

test('can be killed and started again', async (context) => {
  const server = redisOrSkip(context)
  await server.kill('SIGKILL')
  expect(server.pid).toBeUndefined()
  const redis = client(server.url)
  await expect(redis.ping()).rejects.toThrow(/timed out/)
  await server.restart()
  expect(await redis.ping()).toBe('PONG')
})

test('can be frozen and thawed', async (context) => {
  const server = redisOrSkip(context)
  const redis = client(server.url)
  await redis.ping()
  await server.kill('SIGSTOP')
  await expect(redis.ping()).rejects.toThrow(/timed out/)
  await server.kill('SIGCONT')
  expect(await redis.ping()).toBe('PONG')
})

test('a frozen server can be stopped, and its files are gone', async (context) => {
  redisOrSkip(context)
  const server = await redisForTests({ own: true })
  if ('unavailable' in server) throw new Error(server.unavailable)
  const [, folder] = (await client(server.url).config('GET', 'dir')) as [string, string]
  await server.kill('SIGSTOP')
  await server.stop()
  await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('does not outlive the process that started it', async (context) => {
  redisOrSkip(context)
  const support = new URL('../support/redis.ts', import.meta.url).href
  const script = `
    import { redisForTests } from ${JSON.stringify(support)}
    const { pid, url } = await redisForTests({ own: true })
    console.log(JSON.stringify({ pid, url }))
    for await (const _ of process.stdin);`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const { pid, url } = JSON.parse(line)
  const [, folder] = (await client(url).config('GET', 'dir')) as [string, string]
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await access(`/proc/${pid}`)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(access(`/proc/${pid}`)).rejects.toMatchObject({ code: 'ENOENT' }), { timeout: 5_000 })
})

test('uses the server of REDIS_URL, and does not harm it', async () => {
  vi.stubEnv('REDIS_URL', 'redis://redis.example:6379/3')
  onTestFinished(() => void vi.unstubAllEnvs())
  const server = (await redisForTests()) as TestRedis
  expect(server).toMatchObject({ url: 'redis://redis.example:6379/3', pid: undefined })
  await expect(server.kill('SIGKILL')).rejects.toThrow(/not ours/)
  await expect(server.restart()).rejects.toThrow(/not ours/)
  await server.stop()
})

test('says why there is none', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'watchbill-no-redis-'))
  onTestFinished(() => rm(empty, { recursive: true }))
  vi.stubEnv('PATH', empty)
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(fetchDebianRedis(join(empty, 'cache', 'redis'))).rejects.toThrow(/apt-get/)
  await expect(access(join(empty, 'cache', 'redis'))).rejects.toMatchObject({ code: 'ENOENT' })
})
