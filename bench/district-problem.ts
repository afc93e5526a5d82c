/**
 * A district: a motorway exit kept round the clock, volunteers who knock on the doors of their grids, liaisons who keep
 * the same companies and sites through the period, and five-in-one teams that look after people at home.
 */
import { defaultRules, type Person, type Problem, type Shift, type Slot, withRules } from '../src/solver/index.ts'
import { createRandom } from '../src/solver/random.ts'

const HOUR = 60
const DAY = 24 * HOUR
const FIRST_DAY = 20_759

export interface DistrictShape {
  days: number
  seed: number
  volunteers: number
  grids: number
  liaisons: number
  /** Companies and building sites, each visited every day at nine. */
  places: number
  teams: number
}

export const scenarioE = (seed: number, days = 14): DistrictShape => ({
  days,
  seed,
  volunteers: 391,
  grids: 74,
  liaisons: 103,
  places: 164,
  teams: 20,
})

const TEAM = ['street', 'village', 'medical', 'police', 'grid']

export function districtProblem(shape: DistrictShape): Problem {
  const random = createRandom(shape.seed)
  const people: Person[] = []
  const shifts: Shift[] = []
  const slots: Slot[] = []
  const links: { id: string; slotIds: string[] }[] = []
  const spot = (k: number) => ({ latitude: 30 + Math.floor(k / 10) * 0.01, longitude: 120 + (k % 10) * 0.01 })
  const addShift = (id: string, postId: string, day: number, from: number, minutes: number, more: Partial<Shift>) => {
    const startsAt = (FIRST_DAY + day) * DAY + from
    shifts.push({ id, postId, startsAt, endsAt: startsAt + minutes, day: FIRST_DAY + day, minutes, ...more })
  }
  const addSlot = (shiftId: string, role: string, more: Partial<Slot>) => {
    slots.push({ id: `${shiftId}/${role}`, shiftId, role, need: 'mandatory', ...more })
    return `${shiftId}/${role}`
  }

  for (let i = 0; i < shape.volunteers; i++) {
    people.push({
      id: `volunteer-${i}`,
      personClass: 'volunteer',
      groups: [{ id: 'doors' }],
      home: spot(i % shape.grids),
    })
  }
  for (let i = 0; i < shape.liaisons; i++) people.push({ id: `liaison-${i}`, groups: [{ id: 'liaisons' }] })
  for (let i = 0; i < shape.teams * TEAM.length; i++) {
    people.push({ id: `member-${i}`, personClass: TEAM[i % TEAM.length]!, groups: [{ id: 'teams' }] })
  }
  for (let i = 0; i < 24; i++) people.push({ id: `station-${i}`, groups: [{ id: 'station', kind: 'rotation' }] })
  for (const person of people) {
    if (random.below(25) > 0 || person.id.startsWith('liaison')) continue
    const start = (FIRST_DAY + random.below(shape.days)) * DAY
    person.absences = [{ start, end: start + DAY }]
  }

  for (let day = 0; day < shape.days; day++) {
    for (let grid = 0; grid < shape.grids; grid++) {
      const id = `doors-${grid}/${day}`
      addShift(id, `grid-${grid}`, day, 14 * HOUR, 3 * HOUR, { location: spot(grid), tags: ['visit'] })
      addSlot(id, 'knock', { requirement: { groups: ['doors'] } })
      addSlot(id, 'second', { need: 'desired', requirement: { groups: ['doors'] } })
    }
    for (let turn = 0; turn < 3; turn++) {
      const id = `exit/${day}-${turn}`
      addShift(id, 'exit', day, turn * 8 * HOUR, 8 * HOUR, { tags: ['watch'], nightMinutes: turn === 0 ? 6 * HOUR : 0 })
      addSlot(id, 'watch', { seats: 4, requirement: { groups: ['station'] } })
    }
  }
  for (let place = 0; place < shape.places; place++) {
    const slotIds: string[] = []
    for (let day = 0; day < shape.days; day++) {
      const id = `place-${place}/${day}`
      addShift(id, `place-${place}`, day, 9 * HOUR + (place % 2) * 90, HOUR, { tags: ['visit'] })
      slotIds.push(addSlot(id, 'liaison', { requirement: { groups: ['liaisons'] } }))
    }
    links.push({ id: `place-${place}`, slotIds })
  }
  for (let team = 0; team < shape.teams; team++) {
    for (const personClass of TEAM) {
      const slotIds: string[] = []
      for (let day = 0; day < shape.days; day++) {
        const id = `home-${team}/${day}/${personClass}`
        addShift(id, `home-${team}`, day, 10 * HOUR, 2 * HOUR, { tags: ['visit'] })
        slotIds.push(addSlot(id, personClass, { requirement: { groups: ['teams'], personClasses: [personClass] } }))
      }
      links.push({ id: `home-${team}-${personClass}`, slotIds })
    }
  }
  const rules = withRules(defaultRules(), [
    {
      id: 'minimum-rest',
      rule: 'minimum-rest',
      params: { minutes: 16 * HOUR },
      strength: 'hard',
      scope: { duties: { tags: ['watch'] } },
    },
    {
      id: 'consecutive-days',
      rule: 'consecutive-days',
      params: { max: 6 },
      strength: 'hard',
      scope: { duties: { tags: ['watch'] } },
    },
    { id: 'near-home', rule: 'distance', params: { maxKilometres: 2 }, strength: { weight: 3 } },
  ])
  const period = {
    fromDay: FIRST_DAY,
    toDay: FIRST_DAY + shape.days,
    startsAt: FIRST_DAY * DAY,
    endsAt: (FIRST_DAY + shape.days) * DAY,
  }
  return { period, people, shifts, slots, links, rules }
}
