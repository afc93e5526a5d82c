/** Duty problems of any size in the shape of a city's checkpoint duty, from a seed. */
import { defaultRules, type Person, type Problem, type Shift, type Slot } from '../src/solver/index.ts'
import { createRandom, type Random } from '../src/solver/random.ts'

const HOUR = 60
const DAY = 24 * HOUR
/** Monday 2026-11-02, and its 08:00 in a zone eight hours east of UTC. */
const FIRST_DAY = 20_759
const FIRST_START = FIRST_DAY * DAY

export interface DutyShape {
  days: number
  seed: number
  cadres: { chiefs: number; deputies: number; staff: number; posts: number }
  crews: { count: number; perCrew: number; seats: number }
  hotline: { people: number }
  medical: number
  villages: number
  reserve: { people: number; units: number }
}

/** The week of scenario A with all its groups. */
export const scenarioA = (seed: number, days = 7): DutyShape => ({
  days,
  seed,
  cadres: { chiefs: 15, deputies: 26, staff: 108, posts: 11 },
  crews: { count: 11, perCrew: 27, seats: 4 },
  hotline: { people: 7 },
  medical: 72,
  villages: 71,
  reserve: { people: 3091, units: 92 },
})

/** The same city scaled to so many people and checkpoints; a fifth of the people are the reserve. */
export function scaledShape(people: number, posts: number, days: number, seed: number): DutyShape {
  const cadres = Math.floor(people * 0.8)
  const leads = Math.ceil(cadres * 0.28)
  return {
    days,
    seed,
    cadres: { chiefs: Math.floor(leads / 3), deputies: leads - Math.floor(leads / 3), staff: cadres - leads, posts },
    crews: { count: 0, perCrew: 0, seats: 0 },
    hotline: { people: 0 },
    medical: 0,
    villages: 0,
    reserve: { people: people - cadres, units: Math.max(1, Math.floor(people / 40)) },
  }
}

class Builder {
  readonly people: Person[] = []
  readonly shifts: Shift[] = []
  readonly slots: Slot[] = []
  readonly random: Random

  constructor(seed: number) {
    this.random = createRandom(seed)
  }

  person(id: string, facts: Omit<Person, 'id'>, days: number): void {
    const absences = this.random.below(20) === 0 ? [this.absence(days)] : []
    this.people.push({ id, ...facts, ...(absences.length > 0 ? { absences } : {}) })
  }

  absence(days: number) {
    const start = FIRST_START + this.random.below(days) * DAY
    return { start, end: start + DAY, reason: 'leave' }
  }

  shift(id: string, postId: string, day: number, fromMinute: number, minutes: number): string {
    const startsAt = FIRST_START + day * DAY + fromMinute
    const weekend = (FIRST_DAY + day + 3) % 7 >= 5
    this.shifts.push({
      id,
      postId,
      templateId: `${postId}@${fromMinute}`,
      startsAt,
      endsAt: startsAt + minutes,
      day: FIRST_DAY + day,
      minutes,
      nightMinutes: nightMinutes(fromMinute, minutes),
      weekendMinutes: weekend ? minutes : 0,
    })
    return id
  }

  slot(shiftId: string, role: string, seat: number, requirement: NonNullable<Slot['requirement']>): void {
    this.slots.push({ id: `${shiftId}/${role}${seat}`, shiftId, role, seat, need: 'mandatory', requirement })
  }
}

/** Minutes between 22:00 and 06:00 of a duty that starts so many minutes after 08:00. */
function nightMinutes(fromMinute: number, minutes: number): number {
  let sum = 0
  for (let night = 14 * HOUR - DAY; night < fromMinute + minutes; night += DAY) {
    sum += Math.max(0, Math.min(fromMinute + minutes, night + 8 * HOUR) - Math.max(fromMinute, night))
  }
  return sum
}

export function dutyProblem(shape: DutyShape): Problem {
  const builder = new Builder(shape.seed)
  addCadres(builder, shape)
  addCrews(builder, shape)
  addHotline(builder, shape)
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
    rules: defaultRules(),
  }
}

function addCadres(builder: Builder, { cadres, days }: DutyShape): void {
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
    for (let post = 0; post < cadres.posts; post++) {
      const shift = builder.shift(`checkpoint-${post}/${day}`, `checkpoint-${post}`, day, 0, DAY)
      builder.slot(shift, 'lead', 0, { groups, grades: ['chief', 'deputy'] })
      for (let seat = 0; seat < 4; seat++) builder.slot(shift, 'staff', seat, { groups })
    }
  }
}

/** Each crew stands at its checkpoint in four watches of eight hours. */
function addCrews(builder: Builder, { crews, days }: DutyShape): void {
  for (let crew = 0; crew < crews.count; crew++) {
    for (let i = 0; i < crews.perCrew; i++) {
      const watch = { id: `crew-${crew}-watch-${i % 4}`, kind: 'crew' as const }
      const personClass = Math.floor(i / 4) % 2 === 0 ? 'police' : 'medical'
      builder.person(`crew-${crew}-${i}`, { personClass, groups: [watch] }, days)
    }
    for (let turn = 0; turn < days * 3; turn++) {
      const [day, from] = [Math.floor(turn / 3), (turn % 3) * 8 * HOUR]
      const groups = [`crew-${crew}-watch-${turn % 4}`]
      const shift = builder.shift(`joint-${crew}/${turn}`, `checkpoint-${crew}`, day, from, 8 * HOUR)
      for (let seat = 0; seat < crews.seats; seat++) {
        const personClasses = seat === 0 ? ['police'] : seat === 1 ? ['medical'] : undefined
        builder.slot(shift, 'watch', seat, { groups, ...(personClasses ? { personClasses } : {}) })
      }
    }
  }
}

function addHotline(builder: Builder, { hotline, medical, days }: DutyShape): void {
  for (let i = 0; i < medical; i++) {
    const groups = [{ id: `medical-${i % 3}`, kind: 'specialist' as const, tier: i % 3 }]
    const qualifications = [{ id: 'medical' }]
    const onHotline = i < hotline.people ? [{ id: 'hotline', kind: 'rotation' as const }] : []
    builder.person(`medical-${i}`, { personClass: 'medical', qualifications, groups: [...groups, ...onHotline] }, days)
  }
  if (hotline.people === 0) return
  for (let turn = 0; turn < days * 3; turn++) {
    const shift = builder.shift(`hotline/${turn}`, 'hotline', Math.floor(turn / 3), (turn % 3) * 8 * HOUR, 8 * HOUR)
    builder.slot(shift, 'operator', 0, { groups: ['hotline'], qualifications: ['medical'] })
  }
}

/** Two people of the village a post, day and night of twelve hours, its reserve behind them. */
function addVillages(builder: Builder, { villages, days }: DutyShape): void {
  for (let village = 0; village < villages; village++) {
    const unitPath = `city/township-${village % 9}/village-${village}`
    for (let i = 0; i < 3; i++) builder.person(`village-${village}-${i}`, { personClass: 'volunteer', unitPath }, days)
    for (let turn = 0; turn < days * 2; turn++) {
      const [day, from] = [Math.floor(turn / 2), (turn % 2) * 12 * HOUR]
      const shift = builder.shift(`village-${village}/${turn}`, `village-${village}`, day, from, 12 * HOUR)
      builder.slot(shift, 'guard', 0, { units: [unitPath] })
    }
  }
}

function addReserve(builder: Builder, { reserve, days }: DutyShape): void {
  for (let i = 0; i < reserve.people; i++) {
    const tier = builder.random.below(3)
    const groups = [{ id: `reserve-${tier}`, kind: 'reserve' as const, tier }]
    const unitPath = `city/unit-${i % reserve.units}`
    builder.person(`reserve-${i}`, { personClass: 'volunteer', grade: 'staff', unitPath, groups }, days)
  }
}
