import { each } from '../demo/api.ts'
import type { Stage, Week } from '../demo/stage.ts'
import { idsOf, importPeople, type Register } from '../kit/people.ts'
import { describeRoot, enterUnits, type Units } from '../kit/units.ts'
import {
  type County,
  FIGURES,
  STATION_UNIT,
  type Station,
  TASKS,
  TEAMS,
  taskCode,
  teamCodes,
  villageCodes,
} from './county.ts'

export interface Built {
  units: Units
  register: Register
  /** Of the sixteen station crews. */
  crewIds: string[]
  taskPostIds: string[]
}

/** Days on which stations are relieved at 08:00, and those on which the five tasks are done. */
export interface Days {
  stations: Week
  tasks: Week
}

const exactly = (count: number) => ({ minimum: count, desired: count })

/** Units, people and what they can do. */
export function enterCounty(stage: Stage, county: County): Promise<Pick<Built, 'units' | 'register'>> {
  const { report, api } = stage
  return report.step('The organizer enters the county and its people', async ({ say }) => {
    // Cadres and medical staff say when they cannot come; the others are asked.
    await describeRoot(stage, {
      policy: { confirmation: { secondedCadre: 'implied', medical: 'implied' } },
      responsibles: [{ name: '县指挥部', title: '值班室', email: 'command@example.org' }],
    })
    const units = await enterUnits(stage, county.units)
    for (const [index, name] of TASKS.entries()) await api.post('/v1/qualifications', { code: taskCode(index), name })
    const register = await importPeople(stage, county.people)
    say(`${villageCodes.length} villages and communities, ${county.cadres.length} cadres for ${TASKS.length} tasks`)
    say(`${FIGURES.crewMembers} people of ${FIGURES.crews} station crews, ${county.medical.length} medical staff`)
    say(`${TEAMS.length} teams by origin with ${FIGURES.team} people each, who are the reserve`)
    return { units, register }
  })
}

/** Words of the unit's own for those who read Tibetan; what is not translated is said in Chinese. */
export function speakTibetan({ report, api, rootId }: Stage): Promise<void> {
  return report.step('Messages in Tibetan', async ({ say }) => {
    await api.post('/v1/message-templates', {
      ...{ unitId: rootId, template: 'confirmation-request', locale: 'bo' },
      subject: 'ལས་འགན་གྱི་བརྡ། {title}',
      text: '{name}ལགས། འདི་ནི་ཁྱེད་ཀྱི་ལས་འགན་ཡིན། {ask}{duties}{agreed}{taken}\n\n{how}\n{link}',
    })
    say('The request to confirm has Tibetan words; all other messages fall back to Chinese')
  })
}

/** Crews and teams have been there for a while. */
const SINCE = '2022-08-01'

/** The nine teams as crews that can be sent out whole, and as the reserve that is searched in their order. */
async function makeReserve({ api, rootId }: Stage, county: County, { units, register }: Built) {
  await each(county.teams, (members, index) =>
    api.post('/v1/crews', {
      ...{ unitId: units.get(teamCodes[index]!), name: `${TEAMS[index]}队`, kind: 'team by origin', fromOn: SINCE },
      volunteerIds: idsOf(register, members),
    }),
  )
  const echelons = TEAMS.map((name, index) => ({
    name: `${name}队`,
    rule: { unitIds: [units.get(teamCodes[index]!)] },
  }))
  return api.post<{ id: string }>('/v1/echelon-sets', { unitId: rootId, name: '九支队伍', kind: 'reserve', echelons })
}

/** Two echelons of medical staff that relieve each other every day. */
async function makeMedical({ api, rootId }: Stage, county: County, { register }: Built, from: string) {
  const names = [{ name: '医护甲班' }, { name: '医护乙班' }]
  const body = { unitId: rootId, name: '医护轮值', kind: 'rotation', echelons: names }
  const set = await api.post<{ id: string; echelons: { id: string }[] }>('/v1/echelon-sets', body)
  const pool = { volunteerIds: idsOf(register, county.medical) }
  await api.post(`/v1/echelon-sets/${set.id}:partition`, { by: 'grade', pool, apply: true })
  const order = set.echelons.map((echelon) => echelon.id)
  const pattern = { effectiveFrom: from, anchorLocal: `${from}T08:00`, period: 'P1D', order }
  await api.post(`/v1/echelon-sets/${set.id}/rotation-patterns`, pattern)
  return set
}

interface Sets {
  reserve: { id: string }
  medical: { id: string }
}

async function makeStation({ api }: Stage, station: Station, built: Built, { reserve, medical }: Sets, days: Week) {
  const unitId = built.units.get(STATION_UNIT)
  const { fromOn, toOn } = days
  const crewIds: string[] = []
  for (const [index, members] of station.crews.entries()) {
    const ids = idsOf(built.register, members)
    const name = `${station.name}${index === 0 ? '甲' : '乙'}组`
    const crew = { unitId, name, kind: 'station crew', leadId: ids[0], fromOn: SINCE, volunteerIds: ids }
    crewIds.push((await api.post<{ id: string }>('/v1/crews', crew)).id)
  }
  const sizes = station.crews.map((crew) => crew.length - 1)
  const smallest = Math.min(...sizes)
  const member = { grades: ['member'], crewIds }
  // A larger crew comes as a whole too; nobody is looked for where the other one has fewer.
  const more = Math.max(...sizes) - smallest
  const others = more > 0 ? [{ role: 'guard, if there', minimum: 0, desired: more, ...member }] : []
  const { id } = await api.post<{ id: string }>('/v1/posts', {
    ...{ unitId, name: station.name, kind: station.kind, priority: 1 },
    requirements: [
      { role: 'lead', ...exactly(1), grades: ['lead'], crewIds },
      { role: 'guard', ...exactly(smallest), ...member, reserveSetIds: [reserve.id] },
      ...others,
      { role: 'medical', ...exactly(FIGURES.medicalAtStation), personClasses: ['medical'], echelonSetId: medical.id },
    ],
  })
  const shift = { name: '全天班', rule: 'FREQ=DAILY', startTime: '08:00', length: 'P1D' }
  await api.post('/v1/shift-templates', { postId: id, ...shift, effectiveFrom: fromOn, effectiveTo: toOn })
  return crewIds
}

/** Of each village one post with the five tasks, one cadre each, by day. */
async function makeTasks({ api }: Stage, { units }: Built, taskIds: string[], { fromOn, toOn }: Week) {
  return each(villageCodes, async (code) => {
    const unitId = units.get(code)!
    const requirements = TASKS.map((role, index) => ({
      ...{ role, ...exactly(1), qualificationIds: [taskIds[index]], unitIds: [unitId] },
    }))
    const { id } = await api.post<{ id: string }>('/v1/posts', {
      unitId,
      name: `网格${code}`,
      kind: 'grid',
      requirements,
    })
    const shift = { name: '白班', rule: 'FREQ=DAILY', startTime: '08:00', length: 'PT10H' }
    await api.post('/v1/shift-templates', { postId: id, ...shift, effectiveFrom: fromOn, effectiveTo: toOn })
    return id
  })
}

/** Stations with their crews, the grids with their tasks, the reserve, and what has to hold. */
export function buildPosts(
  stage: Stage,
  county: County,
  entered: Pick<Built, 'units' | 'register'>,
  days: Days,
): Promise<Built> {
  const { report, api, rootId } = stage
  return report.step('The organizer enters stations, crews, grids and rules', async ({ say }) => {
    const built: Built = { ...entered, crewIds: [], taskPostIds: [] }
    const from = days.stations.fromOn
    const sets = {
      reserve: await makeReserve(stage, county, built),
      medical: await makeMedical(stage, county, built, from),
    }
    const crewIds = await each(county.stations, (station) => makeStation(stage, station, built, sets, days.stations))
    const tasks = await api.all<{ id: string; code: string }>('/v1/qualifications')
    const taskIds = TASKS.map((_, index) => tasks.find((one) => one.code === taskCode(index))!.id)
    const taskPostIds = await makeTasks(stage, built, taskIds, days.tasks)
    const long = [{ fromMinutes: 24 * 60, minutes: 24 * 60 }]
    await api.post('/v1/rules', { unitId: rootId, name: 'crew-whole', params: {} })
    await api.post('/v1/rules', { unitId: rootId, name: 'minimum-rest', params: { minutes: 12 * 60, long } })
    say(`${county.stations.length} stations and turn-back points, two whole crews each in turn for 24 hours`)
    say(`${taskPostIds.length} grids, one cadre for each of the five tasks every day`)
    return { ...built, crewIds: crewIds.flat(), taskPostIds }
  })
}
