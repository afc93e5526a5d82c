import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/platform/db/migrate.ts'
import { prepareBackend } from '../../src/platform/queue/bull.ts'
import { startTestCluster } from './postgres.ts'
import { redisForTests } from './redis.ts'
import { recordSkipped } from './skipped.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the migrated database that each test file clones. */
    template: string
    redisUrl: string | null
  }
}

/** Once for a run: a real PostgreSQL with a migrated template, and a real Redis. */
export default async function setup(project: TestProject) {
  const cluster = await startTestCluster(async (url) => {
    await migrate(url)
    await prepareBackend({ kind: 'postgres', url })
  })
  const redis = await redisForTests()
  if ('unavailable' in redis) await recordSkipped('everything that needs Redis', redis.unavailable)
  project.provide('template', cluster.template)
  project.provide('redisUrl', 'url' in redis ? redis.url : null)
  return async () => {
    if ('stop' in redis) await redis.stop()
    await cluster.stop()
  }
}
