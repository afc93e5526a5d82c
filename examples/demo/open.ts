import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type House, openHouse } from '../../src/house.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { newSecret } from '../../src/platform/auth/secrets.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { pushableClock, systemClock } from '../../src/time/clock.ts'
import { addLocalDays, dateOf, localDay, wallToInstant, weekdayOf } from '../../src/time/zones.ts'
import { CITY_ZONE } from '../scenario-a/figures.ts'
import { makeScenarioA } from '../scenario-a/scenario.ts'
import { assembleStage } from './assemble.ts'
import { freshDatabase } from './database.ts'
import type { Demo } from './demo.ts'
import { createInbox } from './people.ts'
import type { Report } from './report.ts'
import type { Setting, Stage, Week } from './stage.ts'

const DATA_DIR = resolve('data/demo')

type OpenStage = Stage & { house: House; key: string } & AsyncDisposable

/** Starts database, API and worker in this process, and makes the root unit of the setting with its first admin key. */
export function openStage(report: Report, setting: Setting, seed: number): Promise<OpenStage> {
  const { title, zone, root, startsLocal } = setting
  report.say(`${title} All people are invented.`)
  return report.step('Database, API and worker start in one process', async ({ say }) => {
    const exportsDir = join(DATA_DIR, 'exports')
    await mkdir(exportsDir, { recursive: true })
    const clock = pushableClock(wallToInstant(startsLocal, zone, 'start'))
    const inbox = createInbox()
    const database = await freshDatabase(DATA_DIR)
    const close = async () => {
      await house?.close()
      await database.server.stop()
    }
    let house: House | undefined
    try {
      const options = { api: true, worker: true, clock, onMessage: inbox.receive, pollMs: 50, sweepMs: 1_000 }
      house = await openHouse(demoConfig(database.url), options)
      const first = await firstKey(house, root, zone)
      const { key } = first
      const url = house.url!
      say(`PostgreSQL from npm, empty database, jobs in PostgreSQL as well: no Redis needed`)
      say(`API ${url}   documents ${url}/docs`)
      say(`The clock shows ${dayOf(startsLocal)}, ${startsLocal.replace('T', ' ')} in ${zone}`)
      const stage = assembleStage(setting, { house, clock, inbox, report, exportsDir, seed, root: first })
      return { ...stage, house, key, [Symbol.asyncDispose]: close }
    } catch (error) {
      await close()
      throw error
    }
  })
}

/** The stage of scenario A, with its city and the week that is planned. */
export async function openDemo(report: Report, seed: number): Promise<Demo & AsyncDisposable> {
  const week = nextWeek()
  const scenario = makeScenarioA(seed, week.fromOn)
  const setting: Setting = {
    title: 'Watchbill plays one week of a city at eleven checkpoints and a hotline.',
    zone: CITY_ZONE,
    root: scenario.units[0]!,
    startsLocal: `${addLocalDays(week.fromOn, -3)}T09:00`,
  }
  return { ...(await openStage(report, setting, seed)), scenario, week }
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const dayOf = (local: string) => DAYS[weekdayOf(dateOf(local)) - 1]

/** The week that begins next Monday by the real calendar. */
function nextWeek(): Week {
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
    SECRET_KEY: newSecret(),
    // One program plays the organizer and everybody else.
    RATE_LIMIT_PER_MINUTE: '1000000',
  })

/** What `npm run admin-key` does. */
async function firstKey({ services }: House, { name, kind }: Setting['root'], zone: string) {
  const actor = command('demo')
  const unit = await services.organisation.createUnit(actor, { parentId: null, name, kind, zone })
  const { key } = await services.organisation.createKey(actor, { unitId: unit.id, role: 'admin', name: 'demo' })
  return { id: unit.id, key }
}
