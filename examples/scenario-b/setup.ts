import type { Planned } from '../demo/stage.ts'
import { enterSet } from '../kit/echelons.ts'
import { idsOf, importPeople, invent, type Traits } from '../kit/people.ts'
import { describeRoot, enterUnits, type Units } from '../kit/units.ts'
import { fictionalEmail, inventName } from '../scenario-a/names.ts'
import { CHAIN, FIGURES, LEADER, STAFF } from './figures.ts'

export interface Bureau {
  units: Units
  postId: string
  /** Duty staff without the leaders, by id. */
  staff: string[]
  people: number
}

const AREAS = ['AREA1', 'AREA2', 'AREA3']

const traits = (count: number, personClass: Traits['personClass'], grade: string): Traits[] =>
  Array.from({ length: count }, (_, index) => ({ personClass, grade, unitCode: AREAS[index % AREAS.length]! }))

/** Units along the chain of responsibility, people, echelons and the duty room with its two shifts. */
export function setUp(stage: Planned, leaders: number): Promise<Bureau> {
  const { report, api, random, rootId, week } = stage
  const responsible = (title: string, code: string) => [
    { name: inventName(random).displayName, title, email: fictionalEmail(`b-${code}`) },
  ]
  return report.step('The bureau enters its chain of responsibility, its people and the duty room', async ({ say }) => {
    await describeRoot(stage, { responsibles: responsible('局长', 'first'), policy: { noShow: 'ask' } })
    const chain = CHAIN.map(({ title, ...unit }) => ({ ...unit, responsibles: responsible(title, unit.code) }))
    const units = await enterUnits(stage, chain)
    const duty = [
      ...invent('BL', 21, traits(leaders, 'staff', 'leader'), random),
      ...invent('BS', 22, traits(FIGURES.staff, 'staff', 'staff'), random),
    ]
    const reserve = [
      ...invent('BRL', 23, traits(FIGURES.reserveLeaders, 'volunteer', 'leader'), random),
      ...invent('BRS', 24, traits(FIGURES.reserveStaff, 'volunteer', 'staff'), random),
    ]
    const register = await importPeople(stage, [...duty, ...reserve])
    const volunteerIds = idsOf(register, duty)
    const on = week.fromOn
    const dutySet = await enterSet(
      stage,
      { name: '值班人员', kind: 'specialist' },
      [{ name: '值班组', volunteerIds }],
      on,
    )
    const reserves = [{ name: '后备组', volunteerIds: idsOf(register, reserve) }]
    const reserveSet = await enterSet(stage, { name: '后备人员', kind: 'reserve' }, reserves, on)
    const sets = { echelonSetId: dutySet, reserveSetIds: [reserveSet] }
    const { id: postId } = await api.post<{ id: string }>('/v1/posts', {
      unitId: rootId,
      name: '24小时值班室',
      kind: 'duty-room',
      priority: 1,
      requirements: [
        { role: LEADER, minimum: 1, desired: 1, grades: ['leader'], ...sets },
        { role: STAFF, minimum: 2, desired: 2, grades: ['staff'], ...sets },
      ],
    })
    for (const [name, startTime] of [
      ['白班', '08:00'],
      ['夜班', '20:00'],
    ]) {
      const shift = { name, rule: 'FREQ=DAILY', startTime, length: 'PT12H', effectiveFrom: on }
      await api.post('/v1/shift-templates', { postId, ...shift })
    }
    say(`${duty.length} people on duty in turn, ${reserve.length} in reserve; two shifts a day, each with a leader`)
    const staff = idsOf(
      register,
      duty.filter((person) => person.grade === 'staff'),
    )
    return { units, postId, staff, people: duty.length + reserve.length }
  })
}
