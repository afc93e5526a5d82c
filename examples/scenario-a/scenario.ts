import type { LocalDate } from '../../src/time/zones.ts'
import { AGE_BANDS, CITY_ZONE, FIGURES, MEDICAL, RELIEF_TIME } from './figures.ts'
import { makePeople, type ScenarioPeople } from './people.ts'
import { makePosts, type ScenarioPost, type SetKey } from './posts.ts'
import { makeUnits, type ScenarioUnit } from './units.ts'

export interface ScenarioEchelon {
  name: string
  /** Members by rule; without one the members are shared out by hand or by `:partition`. */
  age?: { from?: number; to?: number }
}

export interface ScenarioSet {
  key: SetKey
  name: string
  kind: 'rotation' | 'reserve' | 'specialist'
  /** Who its members are taken from. */
  from: keyof ScenarioPeople
  echelons: ScenarioEchelon[]
}

export interface ScenarioRule {
  /** A rule of the engine. */
  name: string
  params: Record<string, unknown>
  /** Names of the posts it holds at; none means everywhere. */
  posts?: string[]
  says: string
}

export interface ScenarioA {
  zone: string
  qualifications: { code: string; name: string }[]
  units: ScenarioUnit[]
  people: ScenarioPeople
  sets: ScenarioSet[]
  /** How the rotation echelons relieve each other. */
  rotation: { set: SetKey; turnTime: string; period: string }
  posts: ScenarioPost[]
  rules: ScenarioRule[]
}

const HOUR = 60
const NUMERALS = ['第一', '第二', '第三'] as const

const SETS: ScenarioSet[] = [
  {
    key: 'rotation',
    name: '卡点轮值梯队',
    kind: 'rotation',
    from: 'cadres',
    echelons: NUMERALS.slice(0, FIGURES.rotationEchelons).map((number) => ({ name: `${number}轮值梯队` })),
  },
  {
    key: 'reserve',
    name: '后备梯队',
    kind: 'reserve',
    from: 'reserve',
    echelons: AGE_BANDS.map(({ from, to }, index) => ({
      name: `${NUMERALS[index]}后备梯队`,
      age: index === 0 ? { to } : index === AGE_BANDS.length - 1 ? { from } : { from, to },
    })),
  },
  {
    key: 'medical',
    name: '医疗专业梯队',
    kind: 'specialist',
    from: 'medical',
    echelons: NUMERALS.slice(0, FIGURES.medicalEchelons).map((number) => ({ name: `${number}医疗梯队` })),
  },
  { key: 'hotline', name: '热线值守组', kind: 'specialist', from: 'hotline', echelons: [{ name: '热线值守人员' }] },
]

const rulesFor = (posts: ScenarioPost[]): ScenarioRule[] => [
  {
    name: 'minimum-rest',
    params: { minutes: 12 * HOUR, long: [{ fromMinutes: 24 * HOUR, minutes: 24 * HOUR }] },
    says: 'at least 12 hours of rest after a duty, and 24 after one of 24 hours',
  },
  {
    name: 'minimum-rest',
    params: { minutes: 16 * HOUR },
    posts: posts.filter((post) => post.kind === 'hotline').map((post) => post.name),
    says: 'at least 16 hours of rest between two watches of the hotline',
  },
]

/**
 * A city's round-the-clock duty: eleven checkpoints, a hotline and three reserve echelons, as plain data.
 * The same seed and day give the same data. `on` is the day on which people have the ages that their echelons ask
 * for; they keep them for two months. All people are invented.
 */
export function makeScenarioA(seed: number, on: LocalDate): ScenarioA {
  const units = makeUnits(seed)
  const posts = makePosts()
  return {
    zone: CITY_ZONE,
    qualifications: [{ code: MEDICAL, name: '医疗资质' }],
    units,
    people: makePeople(seed, on, units),
    sets: SETS,
    rotation: { set: 'rotation', turnTime: RELIEF_TIME, period: 'P1D' },
    posts,
    rules: rulesFor(posts),
  }
}
