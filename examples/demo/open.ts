import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openHouse } from '../../src/house.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { pushableClock, systemClock } from '../../src/time/clock.ts'
import {
  addLocalDays,
  instantToWall,
  type LocalDate,
  localDay,
  wallToInstant,
  weekdayOf,
} from '../../src/time/zones.ts'
import { CITY_ZONE } from '../scenario-a/figures.ts'
import { makeScenarioA } from '../scenario-a/scenario.ts'
import { createApi } from './api.ts'
import { freshDatabase } from './database.ts'
import type { Demo } from './demo.ts'
import { passingTime } from './passing-time.ts'
import { createCrowd, createInbox } from './people.ts'
import type { Report } from './report.ts'

const DATA_DIR = resolve('data/demo')

/** Starts database, API and worker in this process, and makes the city's root unit with the first admin key. */
export function openDemo(report: Report, seed: number): Promise<Demo & AsyncDisposable> {
  report.say('Watchbill plays one week of a city at eleven checkpoints and a hotline. All people are invented.')
  return report.step('Database, API and worker start in one process', async ({ say }) => {
    const exportsDir = join(DATA_DIR, 'exports')
    await mkdir(exportsDir, { recursive: true })
    const week = nextWeek()
    const scenario = makeScenarioA(seed, week.fromOn)
    const clock = pushableClock(wallToInstant(`${addLocalDays(week.fromOn, -3)}T09:00`, CITY_ZONE, 'start'))
    const inbox = createInbox()
    const database = await freshDatabase(DATA_DIR)
    const close = async () => {
      await house?.close()
      await database.server.stop()
    }
    let house: Awaited<ReturnType<typeof openHouse>> | undefined
    try {
      const options = { api: true, worker: true, clock, onMessage: inbox.receive, pollMs: 50, sweepMs: 1_000 }
      house = await openHouse(demoConfig(database.url), options)
      const { rootId, key } = await firstKey(house, scenario.units[0]!)
      say(`PostgreSQL from npm, empty database, jobs in PostgreSQL as well: no Redis needed`)
      say(`API ${house.url}   documents ${house.url}/docs`)
      say(`The clock shows Friday, ${instantToWall(clock.now(), CITY_ZONE).replace('T', ' ')} in ${CITY_ZONE}`)
      const api = createApi(house.url!, key)
      const time = passingTime(clock, house.nightWatch!)
      const crowd = createCrowd(seed)
      const tools = { report, api, time, clock, inbox, crowd, house }
      return { ...tools, scenario, seed, rootId, key, url: house.url!, week, exportsDir, [Symbol.asyncDispose]: close }
    } catch (error) {
      await close()
      throw error
    }
  })
}

/** The week that begins next Monday by the real calendar. */
function nextWeek(): { fromOn: LocalDate; toOn: LocalDate } {
  const today = localDay(systemClock.now(), CITY_ZONE)
  const fromOn = addLocalDays(today, 8 - weekdayOf(today))
  return { fromOn, toOn: addLocalDays(fromOn, 7) }
}

const demoConfig = (databaseUrl: string) =>
  readConfig({
    NODE_ENV: 'development',
    PORT: process.env.PORT ?? '0',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    DATABASE_URL: databaseUrl,
    DATA_DIR,
    // One program plays the organizer and everybody else.
    RATE_LIMIT_PER_MINUTE: '1000000',
  })

/** What `npm run admin-key` does. */
async function firstKey({ services }: Awaited<ReturnType<typeof openHouse>>, root: { name: string; kind: string }) {
  const actor = command('demo')
  const { name, kind } = root
  const unit = await services.organisation.createUnit(actor, { parentId: null, name, kind, zone: CITY_ZONE })
  const { key } = await services.organisation.createKey(actor, { unitId: unit.id, role: 'admin', name: 'demo' })
  return { rootId: unit.id, key }
}
