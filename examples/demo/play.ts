import { addLocalDays } from '../../src/time/zones.ts'
import type { Demo } from './demo.ts'
import type { RosterSlot } from './roster-table.ts'
import { buildCity } from './steps/city.ts'
import { collectAnswers } from './steps/confirm.ts'
import { buildEchelons } from './steps/echelons.ts'
import { examineDatabase } from './steps/examine.ts'
import { exportHours } from './steps/export.ts'
import { fillGaps, gapsOf } from './steps/fill.ts'
import { importPeople } from './steps/people.ts'
import { buildPosts } from './steps/posts.ts'
import { generateRoster, publishRoster, showRoster } from './steps/roster.ts'
import { stateRules } from './steps/rules.ts'
import { passWeek } from './steps/week.ts'

/** What the last line of the demo says. */
export interface Figures {
  assignments: number
  openMandatory: number
  confirmed: number
  declined: number
  filledFromReserve: number
  hoursExported: number
  seconds: number
}

/** The whole week, from an empty database to the exported hours. */
export async function play(demo: Demo): Promise<Figures> {
  const city = await buildCity(demo)
  const register = await importPeople(demo)
  const sets = await buildEchelons(demo, register)
  const posts = await buildPosts(demo, city, sets)
  await stateRules(demo, posts)
  const roster = await generateRoster(demo)
  await showRoster(demo, roster)
  await publishRoster(demo, roster)
  const answers = await collectAnswers(demo, roster.id)
  await fillGaps(demo, roster.id)
  await passWeek(demo)
  const hoursExported = await exportHours(demo)
  await examineDatabase(demo)
  const gaps = await gapsOf(demo, roster.id)
  const slots = await demo.api.all<RosterSlot>(`/v1/rosters/${roster.id}/assignments`)
  return {
    assignments: roster.counts.assigned,
    openMandatory: slots.filter((slot) => slot.mandatory && slot.live === null).length,
    confirmed: answers.confirmed,
    declined: answers.declined,
    filledFromReserve: gaps.filter((gap) => gap.state === 'filled').length,
    hoursExported,
    seconds: demo.report.secondsSoFar(),
  }
}

/** Publishes the days that follow and answers nothing, so that there are pages to look at; returns one of them. */
export async function leavePages(demo: Demo): Promise<string> {
  const { toOn } = demo.week
  const next = { ...demo, week: { fromOn: addLocalDays(toOn, 1), toOn: addLocalDays(toOn, 7) } }
  await publishRoster(next, await generateRoster(next))
  return demo.inbox.take('confirmation-request')[0]?.link ?? '(nobody was asked)'
}
