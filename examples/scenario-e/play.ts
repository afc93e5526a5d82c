import type { Figures, Setting, Stage, Week } from '../demo/stage.ts'
import { download } from '../kit/files.ts'
import { importPeople, type Register } from '../kit/people.ts'
import type { Roster } from '../kit/rosters.ts'
import { describeRoot, enterUnits, type Units } from '../kit/units.ts'
import { type District, FIGURES, gridCodes, makeDistrict } from './district.ts'
import { knockOnDoors } from './doors.ts'
import { confirmStation, inspect, openStation, type StationClock, stationClock } from './station.ts'
import { changeTeams, divideSites, openCases, payVisits } from './visits.ts'

export const setting: Setting = {
  title: 'A district: a motorway exit round the clock, 74 grids, one-to-one liaisons, five-in-one teams.',
  zone: 'Asia/Shanghai',
  root: { name: '新岸区指挥部', kind: 'district' },
  startsLocal: '2022-03-19T09:00',
}

/** Of the motorway station; the visits go on for two weeks. */
const DAYS: Week = { fromOn: '2022-03-21', toOn: '2022-03-23' }
const VISITS: Week = { fromOn: '2022-03-21', toOn: '2022-04-04' }

export async function play(stage: Stage): Promise<Figures> {
  const district = makeDistrict(stage.seed)
  const { units, register } = await enterDistrict(stage, district)
  const roster = await openStation(stage, units, DAYS)
  const answers = await confirmStation(stage, roster)
  const doors = await knockOnDoors(stage, district, register)
  const plan = await divideSites(stage, district, units, register, VISITS)
  const { cases, people } = await openCases(stage, units, gridCodes)
  const clock = await stationClock(stage, units, DAYS)
  const visits = await payVisits(stage, plan, clock.until, '2022-03-21')
  await clock.until('2022-03-22T10:00')
  const inspected = await inspect(stage, clock)
  const teams = await changeTeams(stage, cases)
  const handovers = await closeStation(stage, clock)
  const bytes = await exportAll(stage, roster)
  const { campaignId: _, ...ofDoors } = doors
  return {
    seats: roster.counts.assigned,
    ...answers,
    grids: FIGURES.grids,
    volunteers: district.knockers.length,
    ...ofDoors,
    liaisons: plan.divided.people,
    sites: plan.divided.sites,
    ...visits,
    cases: cases.length,
    teamPeople: people,
    ...teams,
    ...inspected,
    checkedInByLink: clock.counts.byLink,
    handovers,
    exportedBytes: bytes,
    seconds: stage.report.secondsSoFar(),
  }
}

function enterDistrict(stage: Stage, district: District): Promise<{ units: Units; register: Register }> {
  return stage.report.step('The organizer enters the district and its people', async ({ say }) => {
    await describeRoot(stage, { responsibles: [{ name: '区指挥部', title: '值班室', email: 'command@example.org' }] })
    const units = await enterUnits(stage, district.units)
    const register = await importPeople(stage, district.people)
    say(`${FIGURES.streets} streets, ${FIGURES.communities} communities, ${FIGURES.grids} grids`)
    say(`${district.people.length} people: ${FIGURES.volunteers} volunteers, ${FIGURES.liaisons} liaisons and others`)
    return { units, register }
  })
}

/** The last shifts end; how many handovers both crews have signed. */
function closeStation({ report, api }: Stage, clock: StationClock): Promise<number> {
  return report.step('The last shift of the motorway exit ends', async ({ say }) => {
    await clock.until('2022-03-23T00:30')
    const handovers = await api.all<{ state: string }>('/v1/handovers')
    const complete = handovers.filter((one) => one.state === 'complete').length
    say(
      `${clock.counts.byLink} duties were checked in by link; ${complete} of ${handovers.length} handovers are complete`,
    )
    return complete
  })
}

function exportAll(stage: Stage, roster: Roster): Promise<number> {
  const period = `from=${DAYS.fromOn}&to=${DAYS.toOn}`
  return stage.report.step('The organizer exports', ({ say }) =>
    download(stage, say, {
      'e-station.pdf': `/v1/rosters/${roster.id}/files?format=pdf`,
      'e-station.xlsx': `/v1/rosters/${roster.id}/files?format=xlsx`,
      'e-service-hours.csv': `/v1/exports/service-hours?${period}&format=csv`,
      'e-duty-hours.csv': `/v1/exports/duty-hours?${period}&format=csv`,
      'e-handovers.pdf': `/v1/exports/handovers?${period}&format=pdf`,
      'e-people.csv': '/v1/exports/people?format=csv',
      'e-summary-people.xlsx': `/v1/exports/summaries?${period}&by=person&format=xlsx`,
      'e-summary-posts.csv': `/v1/exports/summaries?${period}&by=post&format=csv`,
      'e-hours.svg': `/v1/summaries/charts/person.svg?${period}&figure=nights`,
    }),
  )
}
