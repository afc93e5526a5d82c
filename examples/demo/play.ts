import type { Demo } from './demo.ts'
import { buildCity } from './steps/city.ts'
import { collectAnswers } from './steps/confirm.ts'
import { buildEchelons } from './steps/echelons.ts'
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
  const gaps = await gapsOf(demo, roster.id)
  return {
    assignments: roster.counts.assigned,
    openMandatory: gaps.filter((gap) => gap.mandatory && gap.state === 'open').length,
    confirmed: answers.confirmed,
    declined: answers.declined,
    filledFromReserve: gaps.filter((gap) => gap.state === 'filled').length,
    hoursExported,
    seconds: demo.report.secondsSoFar(),
  }
}
