import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../../src/platform/config/config.ts'

interface Service {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  deploy?: { replicas: number }
  volumes?: string[]
}

const read = (file: string) => readFileSync(file, 'utf8')
const text = read('docker-compose.yml')
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}
const { services } = compose
const ours = ['migrate', 'api', 'worker'] as const
const settings = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1])

/** `${NAME:-otherwise}` with no setting given, innermost first. */
function withDefaults(value: string): string {
  const next = value.replace(/\$\{[A-Z_]+:-([^${}]*)\}/g, '$1')
  return next === value ? value : withDefaults(next)
}

describe('docker-compose.yml', () => {
  it('brings PostgreSQL, Redis, a mail catcher, the API and two workers', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'mail', 'migrate', 'postgres', 'redis', 'worker'])
    expect(services.postgres?.image).toBe('postgres:18')
    expect(services.redis?.image).toBe('redis:7')
    expect(services.worker?.deploy?.replicas).toBe(2)
  })

  it('gives the processes only settings that .env.example knows', () => {
    for (const name of ours) {
      expect(settings).toEqual(expect.arrayContaining(Object.keys(services[name]!.environment!)))
    }
    const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1])
    expect([...settings, 'POSTGRES_PASSWORD']).toEqual(expect.arrayContaining(asked))
  })

  it('gives them settings they start with', () => {
    for (const name of ours) {
      const entries = Object.entries(services[name]!.environment!)
      const config = readConfig(Object.fromEntries(entries.map(([key, value]) => [key, withDefaults(value)])))
      expect(config.databaseUrl).toBe('postgres://watchbill:watchbill@postgres:5432/watchbill')
      expect(config.redisUrl).toBe('redis://redis:6379')
      expect(config.mail?.url).toBe('smtp://mail:1025')
      expect(config.http).toMatchObject({ host: '0.0.0.0', port: 3000, publicUrl: 'http://localhost:3000' })
    }
  })

  it('keeps jobs: Redis appends to a file and drops nothing', () => {
    expect(services.redis?.command?.join(' ')).toContain('--appendonly yes --maxmemory-policy noeviction')
  })

  it('starts the processes after the migration, and the migration when the database is healthy', () => {
    expect(services.migrate?.depends_on?.postgres?.condition).toBe('service_healthy')
    for (const name of ['api', 'worker']) {
      expect(services[name]?.depends_on).toMatchObject({
        migrate: { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
      })
    }
    for (const name of ['postgres', 'redis', 'mail', 'api']) expect(services[name]?.healthcheck?.test[0]).toBe('CMD')
  })

  it('names volumes that it declares', () => {
    const named = Object.values(services).flatMap((service) => service.volumes ?? [])
    expect(new Set(named.map((volume) => volume.split(':')[0]))).toEqual(new Set(Object.keys(compose.volumes)))
  })

  it('runs programs that exist', () => {
    for (const name of ours) {
      const [program, file] = services[name]!.command!
      expect(program).toBe('node')
      expect(existsSync(file!)).toBe(true)
    }
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (word: string) => lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1)

  it('runs the server itself, so that it hears the signal to stop, and not as root', () => {
    const command = JSON.parse(last('CMD')!) as string[]
    expect(command[0]).toBe('node')
    expect(existsSync(command[1]!)).toBe(true)
    expect(last('USER')).toBe('node')
  })

  it('copies only what .dockerignore lets through', () => {
    const allowed = read('.dockerignore').match(/(?<=^!).+$/gm)!
    const copied = lines.filter((line) => line.startsWith('COPY ')).flatMap((line) => line.split(' ').slice(1, -1))
    expect(allowed.sort()).toEqual(copied.sort())
  })
})
