import { addLocalDays, wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import { enterSet } from '../kit/echelons.ts'
import { idsOf, importPeople, invent, type Traits } from '../kit/people.ts'
import { describeRoot, enterUnits, type PlannedUnit, type Units } from '../kit/units.ts'
import { fictionalEmail, inventName } from '../scenario-a/names.ts'
import { DEPARTMENTS, FIGURES, LEAVE_TURNS_ON } from './figures.ts'

const GROUPS = [
  'leaders',
  'officers',
  'office',
  'affairs',
  'reporters',
  'community',
  'guards',
  'squad',
  'reserve',
] as const
type Group = (typeof GROUPS)[number]

export interface College {
  units: Units
  /** Ids of people by what they are there for. */
  groups: Record<Group, string[]>
  sets: Record<'community' | 'guards' | 'reserve', string>
  /** Absences by person. */
  leave: Map<string, Leave>
}

export interface Leave {
  startsAt: string
  endsAt: string
}

const many = (count: number, unitCode: string, grade: string, personClass: Traits['personClass'] = 'staff'): Traits[] =>
  Array.from({ length: count }, () => ({ personClass, grade, unitCode }))

function traitsOf(group: Group): Traits[] {
  switch (group) {
    case 'leaders':
      return many(FIGURES.leaders, 'COL', 'leader')
    case 'officers':
      return many(FIGURES.officers, 'COL', 'officer')
    case 'office':
      return many(FIGURES.clerksPerOffice, 'OFF', 'clerk')
    case 'affairs':
      return many(FIGURES.clerksPerOffice, 'GEN', 'clerk')
    case 'reporters':
      return DEPARTMENTS.map(({ code }): Traits => ({ personClass: 'staff', grade: 'reporter', unitCode: code }))
    case 'community':
      return [...many(1, 'COL', 'vice president'), ...many(FIGURES.community - 1, 'TEACH', 'teacher')]
    case 'guards':
      return many(FIGURES.guards, 'GUARD', 'guard')
    case 'squad':
      return many(FIGURES.floodSquad, 'STUD', 'squad')
    case 'reserve':
      return many(FIGURES.reserve, 'COL', 'teacher', 'volunteer')
  }
}

/** Sub-district, college, offices and departments; people, echelons, and summer leave in turn. */
export function setUp(stage: Planned): Promise<College> {
  const { report, random, week } = stage
  const responsible = (title: string, code: string) => [
    { name: inventName(random).displayName, title, email: fictionalEmail(`d-${code}`) },
  ]
  const place = (code: string, parentCode: string | null, kind: string, name: string, title: string): PlannedUnit => ({
    ...{ code, parentCode, kind, name },
    responsibles: responsible(title, code),
  })
  return report.step('Sub-district, college, people and summer leave are entered', async ({ say }) => {
    await describeRoot(stage, { responsibles: responsible('区指挥长', 'root') })
    const units = await enterUnits(stage, [
      place('SUB', null, 'sub-district', '河东街道', '街道主任'),
      place('VIL', null, 'village', '东村', '村主任'),
      place('COL', 'SUB', 'college', '学院', '院长'),
      place('OFF', 'COL', 'office', '办公室', '办公室主任'),
      place('GEN', 'COL', 'office', '总务处', '总务处处长'),
      ...DEPARTMENTS.map(({ code, name }) => place(code, 'COL', 'department', name, '处长')),
    ])
    const invented = GROUPS.map((group, index) => invent(`D${'LOWARCGSV'[index]}`, 41 + index, traitsOf(group), random))
    const register = await importPeople(stage, invented.flat())
    const groups = Object.fromEntries(
      GROUPS.map((group, index) => [group, idsOf(register, invented[index]!)]),
    ) as College['groups']
    const set = (name: string, kind: 'specialist' | 'reserve', volunteerIds: string[]) =>
      enterSet(stage, { name, kind }, [{ name, volunteerIds }], addLocalDays(week.fromOn, -1))
    const sets = {
      community: await set('支援社区队', 'specialist', groups.community),
      guards: await set('封控楼值守队', 'specialist', groups.guards),
      reserve: await set('志愿后备', 'reserve', groups.reserve),
    }
    const leave = await sendOnLeave(stage, groups)
    say(`${register.size} people; ${leave.size} take their summer leave in turn`)
    return { units, groups, sets, leave }
  })
}

/** Of each group every other person is away in the first days, the others after that. */
async function sendOnLeave({ api, week, zone }: Planned, groups: College['groups']): Promise<College['leave']> {
  const at = (day: string) => wallToInstant(`${day}T00:00`, zone, 'start').toISOString()
  // Whoever is on duty for 24 hours on the last day of the first half leaves a day later.
  const first = { startsAt: at(addLocalDays(week.fromOn, -2)), endsAt: at(LEAVE_TURNS_ON) }
  const second = { startsAt: at(addLocalDays(LEAVE_TURNS_ON, 1)), endsAt: at(addLocalDays(week.toOn, 1)) }
  const leave = new Map<string, Leave>()
  for (const ids of [groups.leaders, groups.officers, groups.office, groups.affairs]) {
    for (const [index, id] of ids.entries()) leave.set(id, index % 2 === 0 ? first : second)
  }
  await each([...leave], ([id, { startsAt, endsAt }]) =>
    api.post(`/v1/volunteers/${id}/absences`, { kind: 'leave', startsAt, endsAt }),
  )
  return leave
}
