import { createRandom, type Random } from '../../src/solver/random.ts'
import { type Invented, invent, type Traits } from '../kit/people.ts'
import type { PlannedUnit } from '../kit/units.ts'
import { fictionalEmail, inventName } from '../scenario-a/names.ts'

/** Figures of the source; what it leaves open is this project's reading. */
export const FIGURES = {
  stations: 8,
  crews: 16,
  crewMembers: 159,
  villages: 19,
  communities: 5,
  cadres: 354,
  /** "Over 200": thirteen for 24 hours at each of eight stations, in two echelons. */
  medical: 208,
  medicalAtStation: 13,
  /** People of each of the nine teams by origin, which are the reserve. */
  team: 20,
} as const

export const TASKS = ['筛查', '劝返', '信息', '消杀', '服务'] as const
export const TEAMS = ['党员', '医疗', '公安', '应急消防', '环卫', '妇女', '退役军人', '退休干部', '青年'] as const
const DEPARTMENTS = ['县委办', '卫健局', '教育局', '住建局', '农牧局', '民政局'] as const
const STATIONS = [
  '东检疫站',
  '西检疫站',
  '南检疫站',
  '北检疫站',
  '雪山垭口劝返点',
  '河谷劝返点',
  '草原劝返点',
  '省道劝返点',
]

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
export const taskCode = (index: number): string => `task-${index + 1}`
export const villageCodes: string[] = [
  ...numbered(FIGURES.villages).map((n) => `V${n}`),
  ...numbered(FIGURES.communities).map((n) => `S${n}`),
]
export const departmentCodes: string[] = DEPARTMENTS.map((_, index) => `D${index + 1}`)
export const teamCodes: string[] = TEAMS.map((_, index) => `T${index + 1}`)
export const STATION_UNIT = 'CHECKS'
const HOSPITAL = 'HOSPITAL'

export interface Station {
  name: string
  kind: 'quarantine station' | 'turn-back point'
  /** Two crews relieve each other. */
  crews: [Invented[], Invented[]]
}

export interface County {
  units: PlannedUnit[]
  stations: Station[]
  cadres: Invented[]
  medical: Invented[]
  teams: Invented[][]
  /** Who files the reports of a department, village or community. */
  clerks: Invented[]
  people: Invented[]
}

const chief = (code: string, random: Random) => [
  { name: inventName(random).displayName, title: '负责人', email: fictionalEmail(`chief-${code}`) },
]

function makeUnits(random: Random): PlannedUnit[] {
  const below = (parentCode: string | null, kind: string) => (code: string, name: string) => ({
    ...{ code, parentCode, kind, name, responsibles: chief(code, random) },
  })
  const [command, department, team] = [below(null, 'command'), below(null, 'department'), below('TEAMS', 'team')]
  const [village, community] = [below('VILLAGES', 'village'), below('VILLAGES', 'community')]
  return [
    command(STATION_UNIT, '检疫站与劝返点'),
    command('VILLAGES', '村与社区网格'),
    command('TEAMS', '九支队伍'),
    below(null, 'hospital')(HOSPITAL, '县医院'),
    ...departmentCodes.map((code, index) => department(code, DEPARTMENTS[index]!)),
    ...teamCodes.map((code, index) => team(code, `${TEAMS[index]}队`)),
    ...villageCodes.map((code, index) =>
      index < FIGURES.villages ? village(code, `第${index + 1}村`) : community(code, `社区${index + 1}`),
    ),
  ]
}

/** Two of three read Tibetan. */
const localeOf = (index: number) => (index % 3 === 2 ? 'zh' : 'bo')

/** Fifteen crews of ten and one of nine; the first of each leads. */
function makeStations(random: Random): Station[] {
  const sizes = numbered(FIGURES.crews).map((n) => (n === FIGURES.crews ? 9 : 10))
  const crews = sizes.map((size, crew) => {
    const traits = numbered(size).map((n): Traits => {
      const grade = n === 1 ? 'lead' : 'member'
      return { personClass: n === 1 ? 'staff' : 'volunteer', unitCode: STATION_UNIT, grade, locale: localeOf(n) }
    })
    return invent(`C${String(crew + 1).padStart(2, '0')}-`, 10 + crew, traits, random)
  })
  return STATIONS.map((name, index) => ({
    name,
    kind: index < 4 ? 'quarantine station' : 'turn-back point',
    crews: [crews[index * 2]!, crews[index * 2 + 1]!],
  }))
}

/** Three cadres a task in each village and community, but six of them have two for the last task: 354. */
function makeCadres(random: Random): Invented[] {
  const short = villageCodes.length * TASKS.length * 3 - FIGURES.cadres
  const traits = villageCodes.flatMap((unitCode, village) =>
    TASKS.flatMap((_, task) =>
      numbered(task === TASKS.length - 1 && village < short ? 2 : 3).map(
        (n): Traits => ({
          personClass: 'secondedCadre',
          unitCode,
          qualifications: [taskCode(task)],
          locale: localeOf(n),
        }),
      ),
    ),
  )
  return invent('K', 30, traits, random)
}

const teamClass = (index: number): Traits['personClass'] =>
  index === 1 ? 'medical' : index === 2 ? 'police' : 'volunteer'

/** The county from a seed: the same seed gives the same people. */
export function makeCounty(seed: number): County {
  const random = createRandom(seed)
  const units = makeUnits(random)
  const stations = makeStations(random)
  const cadres = makeCadres(random)
  const medics = numbered(FIGURES.medical).map((): Traits => ({ personClass: 'medical', unitCode: HOSPITAL }))
  const medical = invent('M', 31, medics, random)
  const teams = teamCodes.map((unitCode, index) => {
    const members = numbered(FIGURES.team).map(
      (n): Traits => ({ personClass: teamClass(index), unitCode, locale: localeOf(n), grade: 'member' }),
    )
    return invent(`${unitCode}-`, 40 + index, members, random)
  })
  const homes = [...departmentCodes, ...villageCodes]
  const clerks = invent(
    'R',
    32,
    homes.map((unitCode): Traits => ({ personClass: 'staff', unitCode, grade: 'clerk' })),
    random,
  )
  const people = [...stations.flatMap(({ crews }) => crews.flat()), ...cadres, ...medical, ...teams.flat(), ...clerks]
  return { units, stations, cadres, medical, teams, clerks, people }
}
