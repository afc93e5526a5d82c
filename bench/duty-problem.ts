/** Duty problems of any size in the shape of a city's checkpoint duty, from a seed. */
import { defaultRules, type Problem, type RuleInstance, withRules } from '../src/solver/index.ts'
import { Builder, DAY, FIRST_DAY, FIRST_START, HOUR } from './support/duty-builder.ts'

export interface DutyShape {
  days: number
  seed: number
  checkpoints: number
  cadres: { chiefs: number; deputies: number; staff: number }
  /** Police and medical staff, one crew a checkpoint, and how many of a crew stand a watch. */
  crews: { people: number; seats: number }
  /** Stations with one specialist a day, from the echelon whose turn it is. */
  quarantine: number
  medical: number
  /** Lines kept round the clock by seven of the specialists. */
  hotlines: number
  villages: { count: number; people: number }
  reserve: { people: number; units: number }
  /** Teams of the reserve that stand by whole, so many of them a day. */
  teams: { count: number; members: number; onCall: number }
  /** Areas of the door-to-door survey, five helpers of the reserve in each. */
  surveyAreas: number
}

const CITY_POSTS = 93
/** Fewer have no relief round the clock. */
const FEWEST_TEAMS = 4
const HOTLINE_PEOPLE = 7
/** The units of the reserve lie in so many districts at most, whatever the size of the city. */
const DISTRICTS = 10
const AGES = ['reserve-0', 'reserve-1', 'reserve-2']

/** The week of scenario A with all its groups. */
export const scenarioA = (seed: number, days = 7): DutyShape => ({
  days,
  seed,
  checkpoints: 11,
  cadres: { chiefs: 15, deputies: 26, staff: 108 },
  crews: { people: 300, seats: 4 },
  quarantine: 11,
  medical: 72,
  hotlines: 1,
  villages: { count: 71, people: 213 },
  reserve: { people: 3091, units: 92 },
  teams: { count: 43, members: 8, onCall: 2 },
  surveyAreas: 10,
})

/** The same city with so many people and posts: who serves there in proportion to the posts, the reserve to its people. */
export function scaledShape(people: number, posts: number, days: number, seed: number): DutyShape {
  const whole = scenarioA(seed, days)
  const { chiefs, deputies, staff } = whole.cadres
  const checkpoints = Math.max(1, Math.round((whole.checkpoints * posts) / CITY_POSTS))
  const quarantine = posts > checkpoints ? checkpoints : 0
  const villages = Math.max(0, posts - checkpoints - quarantine)
  const serving =
    ((chiefs + deputies + staff + whole.crews.people + whole.medical) * checkpoints) / whole.checkpoints + 3 * villages
  const enough = Math.min(1, people / serving)
  const crowd = (count: number) => Math.max(1, Math.round(((count * checkpoints) / whole.checkpoints) * enough))
  const cadres = { chiefs: crowd(chiefs), deputies: crowd(deputies), staff: crowd(staff) }
  const crews = { people: crowd(whole.crews.people), seats: whole.crews.seats }
  const medical = crowd(whole.medical)
  const villagers = Math.floor(3 * villages * enough)
  const placed = cadres.chiefs + cadres.deputies + cadres.staff + crews.people + medical + villagers
  const reserve = Math.max(0, people - placed)
  const byReserve = (count: number) => Math.round((count * reserve) / whole.reserve.people)
  const { members } = whole.teams
  const hasTeams = reserve >= FEWEST_TEAMS * members
  return {
    days,
    seed,
    checkpoints,
    cadres,
    crews,
    quarantine,
    medical,
    hotlines: Math.floor(medical / whole.medical),
    villages: { count: villages, people: villagers },
    reserve: { people: reserve, units: Math.max(1, byReserve(whole.reserve.units)) },
    teams: {
      count: hasTeams ? Math.max(FEWEST_TEAMS, byReserve(whole.teams.count)) : 0,
      members,
      onCall: hasTeams ? Math.max(1, byReserve(whole.teams.onCall)) : 0,
    },
    surveyAreas: byReserve(whole.surveyAreas),
  }
}

const only = (tag: string) => ({ scope: { duties: { tags: [tag] } } })
const oneOf = (personClass: string): RuleInstance => ({
  id: `${personClass}-on-watch`,
  rule: 'mix',
  params: { people: { personClasses: [personClass] }, min: 1 },
  strength: 'hard',
  ...only('watch'),
})

const cityRules = (): RuleInstance[] =>
  withRules(defaultRules(), [
    oneOf('police'),
    oneOf('medical'),
    { id: 'teams-whole', rule: 'crew-whole', params: {}, strength: 'hard', ...only('stand-by') },
    { id: 'hotline-rest', rule: 'minimum-rest', params: { minutes: 16 * HOUR }, strength: 'hard', ...only('hotline') },
  ])

export function dutyProblem(shape: DutyShape): Problem {
  const builder = new Builder(shape.seed)
  addCadres(builder, shape)
  addCrews(builder, shape)
  addMedical(builder, shape)
  addVillages(builder, shape)
  addReserve(builder, shape)
  return {
    period: {
      fromDay: FIRST_DAY,
      toDay: FIRST_DAY + shape.days,
      startsAt: FIRST_START,
      endsAt: FIRST_START + shape.days * DAY,
    },
    people: builder.people,
    shifts: builder.shifts,
    slots: builder.slots,
    crews: builder.crews,
    rules: cityRules(),
  }
}

function addCadres(builder: Builder, { cadres, checkpoints, days }: DutyShape): void {
  const grades = [
    ...new Array<string>(cadres.chiefs).fill('chief'),
    ...new Array<string>(cadres.deputies).fill('deputy'),
    ...new Array<string>(cadres.staff).fill('staff'),
  ]
  grades.forEach((grade, i) => {
    const echelon = { id: `rotation-${i % 2}`, kind: 'rotation' as const }
    builder.person(`cadre-${i}`, { personClass: 'secondedCadre', grade, groups: [echelon] }, days)
  })
  for (let day = 0; day < days; day++) {
    const groups = [`rotation-${day % 2}`]
    for (let post = 0; post < checkpoints; post++) {
      const shift = builder.shift(`checkpoint-${post}/${day}`, `checkpoint-${post}`, day, 0, DAY)
      builder.slot(shift, 'lead', 0, { groups, grades: ['chief', 'deputy'] })
      for (let seat = 0; seat < 4; seat++) builder.slot(shift, 'staff', seat, { groups })
    }
  }
}

/** Each crew stands at its checkpoint in four watches of eight hours, police and medical staff on each. */
function addCrews(builder: Builder, { crews, checkpoints, days }: DutyShape): void {
  for (let i = 0; i < crews.people; i++) {
    const [crew, place] = [i % checkpoints, Math.floor(i / checkpoints)]
    const watch = { id: `crew-${crew}-watch-${place % 4}`, kind: 'crew' as const }
    const personClass = Math.floor(place / 4) % 2 === 0 ? 'police' : 'medical'
    builder.person(`crew-${crew}-${place}`, { personClass, groups: [watch] }, days)
  }
  for (let crew = 0; crew < checkpoints; crew++) {
    for (let turn = 0; turn < days * 3; turn++) {
      const [day, from] = [Math.floor(turn / 3), (turn % 3) * 8 * HOUR]
      const groups = [`crew-${crew}-watch-${turn % 4}`]
      const shift = builder.shift(`joint-${crew}/${turn}`, `checkpoint-${crew}`, day, from, 8 * HOUR, 'watch')
      for (let seat = 0; seat < crews.seats; seat++) builder.slot(shift, 'watch', seat, { groups })
    }
  }
}

/** Three echelons of specialists relieve each other at the quarantine stations; some of them keep the hotlines. */
function addMedical(builder: Builder, { hotlines, medical, quarantine, days }: DutyShape): void {
  for (let i = 0; i < medical; i++) {
    const groups = [{ id: `medical-${i % 3}`, kind: 'specialist' as const }]
    const line = Math.floor(i / HOTLINE_PEOPLE)
    const onHotline = line < hotlines ? [{ id: `hotline-${line}`, kind: 'rotation' as const }] : []
    const qualifications = [{ id: 'medical' }]
    builder.person(`medical-${i}`, { personClass: 'medical', qualifications, groups: [...groups, ...onHotline] }, days)
  }
  for (let line = 0; line < hotlines; line++) {
    for (let turn = 0; turn < days * 3; turn++) {
      const [day, from] = [Math.floor(turn / 3), (turn % 3) * 8 * HOUR]
      const shift = builder.shift(`hotline-${line}/${turn}`, `hotline-${line}`, day, from, 8 * HOUR, 'hotline')
      builder.slot(shift, 'operator', 0, { groups: [`hotline-${line}`], qualifications: ['medical'] })
    }
  }
  for (let day = 0; day < days; day++) {
    for (let station = 0; station < quarantine; station++) {
      const shift = builder.shift(`quarantine-${station}/${day}`, `quarantine-${station}`, day, 0, DAY)
      builder.slot(shift, 'specialist', 0, { groups: [`medical-${day % 3}`], qualifications: ['medical'] })
    }
  }
}

/** Two people of the village a post, day and night, a volunteer of the village behind them. */
function addVillages(builder: Builder, { villages, days }: DutyShape): void {
  const pathOf = (village: number) => `city/township-${village % 9}/village-${village}`
  for (let i = 0; i < villages.people; i++) {
    const village = Math.floor((i * villages.count) / villages.people)
    builder.person(`villager-${i}`, { personClass: 'volunteer', unitPath: pathOf(village) }, days)
  }
  for (let village = 0; village < villages.count; village++) {
    for (let turn = 0; turn < days * 2; turn++) {
      const [day, from] = [Math.floor(turn / 2), (turn % 2) * 12 * HOUR]
      const shift = builder.shift(`village-${village}/${turn}`, `village-${village}`, day, from, 12 * HOUR)
      builder.slot(shift, 'guard', 0, { units: [pathOf(village)] })
    }
  }
}

/** Some of the reserve stands by in teams that go out whole; the others help in the survey, three echelons in their order. */
function addReserve(builder: Builder, { reserve, teams, surveyAreas, days }: DutyShape): void {
  const inTeams = teams.count * teams.members
  const districts = Math.max(1, Math.min(DISTRICTS, surveyAreas))
  for (let i = 0; i < reserve.people; i++) {
    const tier = builder.random.below(3)
    const kind = 'reserve' as const
    const pool = [
      { id: 'reserve', kind },
      { id: `reserve-${tier}`, kind, tier },
    ]
    const groups = i < inTeams ? [{ id: 'teams', kind: 'crew' as const }] : pool
    const unit = i % reserve.units
    const unitPath = `city/district-${unit % districts}/unit-${unit}`
    builder.person(`reserve-${i}`, { personClass: 'volunteer', grade: 'staff', unitPath, groups }, days)
  }
  for (let team = 0; team < teams.count; team++) {
    const personIds = Array.from({ length: teams.members }, (_, i) => `reserve-${team * teams.members + i}`)
    builder.crews.push({ id: `team-${team}`, personIds })
  }
  for (let day = 0; day < days; day++) {
    for (let call = 0; call < teams.onCall; call++) {
      const shift = builder.shift(`stand-by-${call}/${day}`, `stand-by-${call}`, day, 0, DAY, 'stand-by')
      for (let seat = 0; seat < teams.members; seat++) builder.slot(shift, 'member', seat, { groups: ['teams'] })
    }
    for (let area = 0; area < surveyAreas; area++) {
      const shift = builder.shift(`survey-${area}/${day}`, `survey-${area}`, day, HOUR, 4 * HOUR)
      const requirement = { groups: AGES, units: [`city/district-${area % districts}`] }
      for (let seat = 0; seat < 5; seat++) builder.slot(shift, 'helper', seat, requirement)
    }
  }
}
