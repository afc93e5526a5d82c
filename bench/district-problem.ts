/**
 * A district: a motorway exit kept round the clock, volunteers who knock on the doors of their grids, liaisons who keep
 * the same companies and sites through the period, and five-in-one teams that look after people at home.
 */
import {
  defaultRules,
  type LinkedSlots,
  type Person,
  type Problem,
  type RuleInstance,
  type Shift,
  type Slot,
  withRules,
} from '../src/solver/index.ts'
import { createRandom } from '../src/solver/random.ts'

const HOUR = 60
const DAY = 24 * HOUR
const FIRST_DAY = 20_759
const STATION_PEOPLE = 24

export interface DistrictShape {
  days: number
  seed: number
  volunteers: number
  grids: number
  liaisons: number
  /** Companies and building sites, each visited every day at nine. */
  places: number
  teams: number
  /** Motorway exits, each with people of its own. */
  exits: number
}

export const scenarioE = (seed: number, days = 14): DistrictShape => ({
  days,
  seed,
  volunteers: 391,
  grids: 74,
  liaisons: 103,
  places: 164,
  teams: 20,
  exits: 1,
})

/** The same district with so many people and posts (grids, companies and sites, homes, exits), each group in proportion. */
export function scaledDistrict(people: number, posts: number, days: number, seed: number): DistrictShape {
  const whole = scenarioE(seed, days)
  const postsOf = (count: number) => Math.max(1, Math.round((count * posts) / 259))
  const [teams, exits, places] = [postsOf(whole.teams), postsOf(whole.exits), postsOf(whole.places)]
  const grids = Math.max(1, posts - teams - exits - places)
  const rest = Math.max(2, people - exits * STATION_PEOPLE - teams * TEAM.length)
  const liaisons = Math.max(1, Math.round((rest * whole.liaisons) / (whole.liaisons + whole.volunteers)))
  return { days, seed, volunteers: rest - liaisons, grids, liaisons, places, teams, exits }
}

const TEAM = ['street', 'village', 'medical', 'police', 'grid']
const spot = (k: number) => ({ latitude: 30 + Math.floor(k / 10) * 0.01, longitude: 120 + (k % 10) * 0.01 })

class Builder {
  readonly people: Person[] = []
  readonly shifts: Shift[] = []
  readonly slots: Slot[] = []
  readonly links: LinkedSlots[] = []
  readonly shape: DistrictShape

  constructor(shape: DistrictShape) {
    this.shape = shape
  }

  get days(): number[] {
    return Array.from({ length: this.shape.days }, (_, day) => day)
  }

  crowd(count: number, name: string, facts: (i: number) => Omit<Person, 'id'>): void {
    for (let i = 0; i < count; i++) this.people.push({ id: `${name}-${i}`, ...facts(i) })
  }

  shift(id: string, postId: string, day: number, from: number, minutes: number, more: Partial<Shift>): string {
    const startsAt = (FIRST_DAY + day) * DAY + from
    this.shifts.push({ id, postId, startsAt, endsAt: startsAt + minutes, day: FIRST_DAY + day, minutes, ...more })
    return id
  }

  slot(shiftId: string, role: string, more: Partial<Slot>): string {
    this.slots.push({ id: `${shiftId}/${role}`, shiftId, role, need: 'mandatory', ...more })
    return `${shiftId}/${role}`
  }
}

export function districtProblem(shape: DistrictShape): Problem {
  const builder = new Builder(shape)
  addPeople(builder)
  addDoors(builder)
  addExits(builder)
  addPlaces(builder)
  addHomes(builder)
  const { people, shifts, slots, links } = builder
  const period = {
    fromDay: FIRST_DAY,
    toDay: FIRST_DAY + shape.days,
    startsAt: FIRST_DAY * DAY,
    endsAt: (FIRST_DAY + shape.days) * DAY,
  }
  return { period, people, shifts, slots, links, rules: withRules(defaultRules(), DISTRICT_RULES) }
}

const onWatch = { scope: { duties: { tags: ['watch'] } } }

const DISTRICT_RULES: RuleInstance[] = [
  { id: 'minimum-rest', rule: 'minimum-rest', params: { minutes: 16 * HOUR }, strength: 'hard', ...onWatch },
  { id: 'consecutive-days', rule: 'consecutive-days', params: { max: 6 }, strength: 'hard', ...onWatch },
  { id: 'near-home', rule: 'distance', params: { maxKilometres: 2 }, strength: { weight: 3 } },
]

/** One in 25 is away for a day; the liaisons are there all the time. */
function addPeople(builder: Builder): void {
  const { volunteers, grids, liaisons, teams, exits, days, seed } = builder.shape
  const random = createRandom(seed)
  builder.crowd(volunteers, 'volunteer', (i) => ({
    personClass: 'volunteer',
    groups: [{ id: 'doors' }],
    home: spot(i % grids),
  }))
  builder.crowd(liaisons, 'liaison', () => ({ groups: [{ id: 'liaisons' }] }))
  builder.crowd(teams * TEAM.length, 'member', (i) => ({
    personClass: TEAM[i % TEAM.length]!,
    groups: [{ id: 'teams' }],
  }))
  builder.crowd(exits * STATION_PEOPLE, 'station', (i) => ({
    groups: [{ id: `station-${i % exits}`, kind: 'rotation' as const }],
  }))
  for (const person of builder.people) {
    if (random.below(25) > 0 || person.id.startsWith('liaison')) continue
    const start = (FIRST_DAY + random.below(days)) * DAY
    person.absences = [{ start, end: start + DAY }]
  }
}

function addDoors(builder: Builder): void {
  const requirement = { groups: ['doors'] }
  for (const day of builder.days) {
    for (let grid = 0; grid < builder.shape.grids; grid++) {
      const more = { location: spot(grid), tags: ['visit'] }
      const shift = builder.shift(`doors-${grid}/${day}`, `grid-${grid}`, day, 14 * HOUR, 3 * HOUR, more)
      builder.slot(shift, 'knock', { requirement })
      builder.slot(shift, 'second', { need: 'desired', requirement })
    }
  }
}

function addExits(builder: Builder): void {
  for (let exit = 0; exit < builder.shape.exits; exit++) {
    for (const day of builder.days) {
      for (let turn = 0; turn < 3; turn++) {
        const more = { tags: ['watch'], nightMinutes: turn === 0 ? 6 * HOUR : 0 }
        const shift = builder.shift(`exit-${exit}/${day}-${turn}`, `exit-${exit}`, day, turn * 8 * HOUR, 8 * HOUR, more)
        builder.slot(shift, 'watch', { seats: 4, requirement: { groups: [`station-${exit}`] } })
      }
    }
  }
}

function addPlaces(builder: Builder): void {
  for (let place = 0; place < builder.shape.places; place++) {
    const from = 9 * HOUR + (place % 2) * 90
    const slotIds = builder.days.map((day) => {
      const shift = builder.shift(`place-${place}/${day}`, `place-${place}`, day, from, HOUR, { tags: ['visit'] })
      return builder.slot(shift, 'liaison', { requirement: { groups: ['liaisons'] } })
    })
    builder.links.push({ id: `place-${place}`, slotIds })
  }
}

/** A team starts and ends with its case: each of the five keeps the home through the period. */
function addHomes(builder: Builder): void {
  for (let home = 0; home < builder.shape.teams; home++) {
    const visits = builder.days.map((day) =>
      builder.shift(`home-${home}/${day}`, `home-${home}`, day, 10 * HOUR, 2 * HOUR, { tags: ['visit', 'home'] }),
    )
    for (const personClass of TEAM) {
      const requirement = { groups: ['teams'], personClasses: [personClass] }
      const slotIds = visits.map((shift) => builder.slot(shift, personClass, { requirement }))
      builder.links.push({ id: `home-${home}-${personClass}`, slotIds })
    }
  }
}
