import { createRandom, type Random } from '../../src/solver/random.ts'
import { type Invented, invent, type Traits } from '../kit/people.ts'
import type { PlannedUnit } from '../kit/units.ts'
import { fictionalEmail, inventName } from '../scenario-a/names.ts'

/** Figures of the source; what it leaves open is this project's reading. */
export const FIGURES = {
  grids: 74,
  volunteers: 391,
  liaisons: 103,
  companies: 146,
  sites: 18,
  /** Home monitoring: nineteen teams of five are "close to 100 people". */
  cases: 19,
  streets: 6,
  communities: 18,
  /** Doors in each grid. */
  doors: 6,
  /** Police, medical staff and volunteers of the motorway station, each. */
  stationOfEach: 12,
  stationReserve: 12,
  /** People who can take one of the five roles of a team. */
  teamOfEach: 20,
} as const

export const STATION_UNIT = 'EXIT'
const RESERVE_UNIT = 'RESERVE'

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const cycle = <T>(list: readonly T[], index: number): T => list[index % list.length]!

export const streetCodes: string[] = numbered(FIGURES.streets).map((n) => `J${n}`)
export const communityCodes: string[] = numbered(FIGURES.communities).map((n) => `S${n}`)
export const gridCodes: string[] = numbered(FIGURES.grids).map((n) => `G${n}`)

export interface Site {
  name: string
  kind: 'company' | 'building site'
  unitCode: string
}

export interface District {
  units: PlannedUnit[]
  station: Invented[]
  reserve: Invented[]
  knockers: Invented[]
  liaisons: Invented[]
  /** Who can be asked to join a team. */
  teamwork: Invented[]
  sites: Site[]
  people: Invented[]
}

function makeUnits(random: Random): PlannedUnit[] {
  const responsibles = (code: string) => [
    { name: inventName(random).displayName, title: '负责人', email: fictionalEmail(`chief-${code}`) },
  ]
  const unit = (code: string, parentCode: string | null, kind: string, name: string): PlannedUnit => ({
    ...{ code, parentCode, kind, name, responsibles: responsibles(code) },
  })
  return [
    unit(STATION_UNIT, null, 'station', '高速出口站'),
    unit(RESERVE_UNIT, STATION_UNIT, 'reserve', '高速出口站后备'),
    ...streetCodes.map((code, index) => unit(code, null, 'street', `第${index + 1}街道`)),
    ...communityCodes.map((code, index) => unit(code, cycle(streetCodes, index), 'community', `社区${index + 1}`)),
    ...gridCodes.map((code, index) => unit(code, cycle(communityCodes, index), 'grid', `网格${index + 1}`)),
  ]
}

const CLASSES = ['police', 'medical', 'volunteer'] as const
const inTurn = (count: number, unitCode: string): Traits[] =>
  numbered(count).map((n) => ({ personClass: cycle(CLASSES, n), unitCode }))

/** Roles of a five-in-one team: class, grade, and where such people have their home. */
const TEAM: [personClass: Traits['personClass'], grade: string, homes: readonly string[]][] = [
  ['secondedCadre', 'street cadre', streetCodes],
  ['staff', 'community cadre', communityCodes],
  ['medical', 'doctor', streetCodes],
  ['police', 'officer', streetCodes],
  ['volunteer', 'grid worker', gridCodes],
]

const makeSites = (): Site[] => [
  ...numbered(FIGURES.companies).map(
    (n): Site => ({
      ...{ name: `企业${n}`, kind: 'company', unitCode: cycle(streetCodes, n) },
    }),
  ),
  ...numbered(FIGURES.sites).map(
    (n): Site => ({
      ...{ name: `工地${n}`, kind: 'building site', unitCode: cycle(streetCodes, n) },
    }),
  ),
]

/** The district from a seed: the same seed gives the same people. */
export function makeDistrict(seed: number): District {
  const random = createRandom(seed)
  const make = (letters: string, block: number, traits: Traits[]) => invent(letters, block, traits, random)
  const units = makeUnits(random)
  const station = make('X', 50, inTurn(FIGURES.stationOfEach * CLASSES.length, STATION_UNIT))
  const reserve = make('B', 51, inTurn(FIGURES.stationReserve, RESERVE_UNIT))
  const knockers = make(
    'V',
    52,
    numbered(FIGURES.volunteers).map((n) => ({ personClass: 'volunteer', unitCode: cycle(gridCodes, n) })),
  )
  const liaisons = make(
    'L',
    53,
    numbered(FIGURES.liaisons).map((n) => ({ personClass: 'staff', unitCode: cycle(streetCodes, n) })),
  )
  const teamwork = make(
    'W',
    54,
    TEAM.flatMap(([personClass, grade, homes]) =>
      numbered(FIGURES.teamOfEach).map((n) => ({ personClass, grade, unitCode: cycle(homes, n) })),
    ),
  )
  const people = [...station, ...reserve, ...knockers, ...liaisons, ...teamwork]
  return { units, station, reserve, knockers, liaisons, teamwork, sites: makeSites(), people }
}
