import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let villages: string[]

const GRADES = [...Array(15).fill('chief'), ...Array(26).fill('deputy'), ...Array(108).fill('staff')]
const RESERVE = 3_091

/** 149 cadres of the city, and 3,091 people of its 92 units. */
beforeAll(async () => {
  world = await startWorld({ worker: false })
  const units = Array.from({ length: 92 }, (_, i) => ({ name: `Unit ${i}`, code: `U${i}` }))
  const made = []
  for (const unit of units) {
    const body = { parentId: world.root.id, kind: 'department', ...unit }
    made.push(await world.must('POST', '/v1/units', body))
  }
  villages = made.map((answer) => answer.body.id)
  const born = (i: number) => `${1966 + (i % 40)}-05-${String((i % 28) + 1).padStart(2, '0')}`
  const rows = [
    ...GRADES.map((grade, i) => `K${i},Cadre ${i},secondedCadre,${grade},${born(i)},`),
    ...Array.from({ length: RESERVE }, (_, i) => `R${i},Reserve ${i},staff,,${i === 0 ? '' : born(i)},U${i % 92}`),
  ]
  const body = ['person number,name,class,grade,birth date,unit code', ...rows].join('\n')
  const path = `/v1/volunteers:import?unitId=${world.root.id}&mode=commit`
  await world.must('POST', path, undefined, { raw: { type: 'text/csv', body } })
})
afterAll(() => world.close())

const newSet = async (name: string, count: number) =>
  (
    await world.must('POST', '/v1/echelon-sets', {
      unitId: world.root.id,
      name,
      kind: 'reserve',
      echelons: Array.from({ length: count }, (_, i) => ({ name: `Echelon ${i + 1}` })),
    })
  ).body
const partition = (id: string, body: object) => world.call('POST', `/v1/echelon-sets/${id}:partition`, body)
const wrong = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()
const membersOf = async (echelonId: string, on: string): Promise<{ grade: string | null }[]> => {
  const path = `/v1/echelons/${echelonId}/members?on=${on}&limit=500`
  const items: { grade: string | null }[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { body: { items: []; nextCursor: string | null } } = await world.must('GET', `${path}&cursor=${cursor}`)
    items.push(...page.body.items)
    cursor = page.body.nextCursor
  }
  return items
}
const on = '2026-05-04'
const bands = [{ to: 35 }, { from: 36, to: 50 }, { from: 51 }]

describe('balanced by grade', () => {
  test('149 cadres come into two echelons with an equal share of each grade; a preview writes nothing', async () => {
    const set = await newSet('Cadres', 2)
    const [first, second] = set.echelons.map((one: { id: string }) => one.id)
    const request = { by: 'grade', on, seed: 7, pool: { personClasses: ['secondedCadre'] } }
    const preview = (await partition(set.id, request)).body
    expect(preview).toMatchObject({ applied: false, people: 149, movesTotal: 149, unplacedTotal: 0 })
    expect(preview.echelons).toMatchObject([
      { id: first, before: 0, after: 75, grades: { chief: 8, deputy: 13, staff: 54 } },
      { id: second, before: 0, after: 74, grades: { chief: 7, deputy: 13, staff: 54 } },
    ])
    expect(await membersOf(first, on)).toEqual([])

    const applied = (await partition(set.id, { ...request, apply: true })).body
    expect(applied).toEqual({ ...preview, applied: true })
    const members = await membersOf(first, on)
    expect([members.length, members.filter((one) => one.grade === 'chief').length]).toEqual([75, 8])
    expect(await membersOf(first, '2026-05-03')).toEqual([])

    const { db } = world.house.services.foundations
    const about = await db.select().from(auditLog).where(eq(auditLog.action, 'echelon-member.added'))
    expect(about).toHaveLength(149)
    const again = (await partition(set.id, { ...request, apply: true, seed: 8 })).body
    expect([again.movesTotal, again.echelons[0].before]).toEqual([0, 75])
    expect(await db.select().from(auditLog).where(eq(auditLog.action, 'echelon-member.added'))).toHaveLength(149)
    const whole = await db.select().from(auditLog).where(eq(auditLog.subjectId, set.id))
    expect(whole.map((row) => row.action)).toEqual([
      'echelon-set.created',
      'echelon-set.partitioned',
      'echelon-set.partitioned',
    ])
  })

  test('explicit ids are split, and what was decided by hand before ends on that day', async () => {
    const set = await newSet('By ids', 2)
    const [first, second] = set.echelons.map((one: { id: string }) => one.id)
    const people = (await world.must('GET', '/v1/volunteers?personClass=secondedCadre&grade=chief&limit=4')).body.items
    const volunteerIds = people.map((one: { id: string }) => one.id)
    await world.must('POST', `/v1/echelons/${first}/members`, { volunteerIds, fromOn: '2026-05-01' })
    const { body } = await partition(set.id, { by: 'grade', on, apply: true, pool: { volunteerIds } })
    expect(body).toMatchObject({ people: 4, movesTotal: 2, moves: [{ fromEchelonId: first, toEchelonId: second }, {}] })
    expect(await membersOf(first, '2026-05-03')).toHaveLength(4)
    expect(await membersOf(first, on)).toHaveLength(2)
    expect(await membersOf(second, on)).toHaveLength(2)
    const pool = { volunteerIds: [world.root.id] }
    expect(wrong(await partition(set.id, { by: 'grade', pool }))).toEqual([
      ['/body/pool/volunteerIds/0', 'volunteer-unknown'],
    ])
  })
})

describe('by age', () => {
  test('3,091 people of 92 units come into three echelons by rule, and move on their birthdays', async () => {
    const set = await newSet('Reserve', 3)
    const [young] = set.echelons.map((one: { id: string }) => one.id)
    const request = { by: 'age', on, bands, pool: { unitIds: villages, personClasses: ['staff'] } }
    const preview = (await partition(set.id, request)).body
    expect(preview).toMatchObject({ people: RESERVE, unplacedTotal: 1, unplaced: [{ reason: 'birth-date-unknown' }] })
    const sum = preview.echelons.reduce((all: number, one: { after: number }) => all + one.after, 0)
    expect([sum, preview.movesTotal, preview.moves.length]).toEqual([RESERVE - 1, RESERVE - 1, 1_000])
    const applied = (await partition(set.id, { ...request, apply: true })).body
    expect(applied.echelons).toEqual(preview.echelons)
    expect(applied.echelons[1].rule).toMatchObject({ age: { from: 36, to: 50 }, personClasses: ['staff'] })
    expect((await membersOf(young, on)).length).toBe(preview.echelons[0].after)
    expect((await world.must('GET', `/v1/echelon-sets/${set.id}`)).body).toMatchObject({ version: 2 })

    const { foundations, echelons } = world.house.services
    const begun = performance.now()
    const spans = await echelons.memberships(foundations.db, [set.id], '2026-05-04', '2026-05-11')
    console.log(`memberships of ${spans.length} spans: ${Math.round(performance.now() - begun)} ms`)
    const crossing = spans.filter((one) => one.echelonId === young && one.toOn !== null)
    // Born 1990 on 5 to 10 May: these turn 36 inside the week.
    const born = (i: number) => [1966 + (i % 40), (i % 28) + 1] as const
    const turning = Array.from({ length: RESERVE }, (_, i) => born(i)).filter(
      ([year, day]) => year === 1990 && day >= 5 && day <= 10,
    )
    expect(turning.length).toBeGreaterThan(0)
    expect(crossing).toHaveLength(turning.length)
    expect(spans).toHaveLength(RESERVE - 1 + spans.filter((one) => one.fromOn !== null).length)
  })

  test('as members the split stays as it is on its day', async () => {
    const set = await newSet('Frozen', 3)
    const [young] = set.echelons.map((one: { id: string }) => one.id)
    const request = { by: 'age', as: 'members', on, bands, pool: { unitIds: villages.slice(0, 3) }, apply: true }
    const { body } = await partition(set.id, request)
    expect(body.echelons[0].rule).toBeNull()
    expect(body.echelons[0].after).toBeGreaterThan(0)
    expect((await membersOf(young, '2036-05-04')).length).toBe(body.echelons[0].after)
  })

  test('bands upside down, sharing an age or too few, rules for single people and empty pools are named', async () => {
    const set = await newSet('Wrong', 2)
    const attempt = async (body: object) => {
      const answer = await partition(set.id, { by: 'age', on, ...body })
      return [answer.status, ...wrong(answer)]
    }
    expect(await attempt({ bands: [{ from: 50, to: 36 }, { to: 200 }], colour: 'red' })).toEqual([
      400,
      ['/body/bands/0/to', 'age-band-upside-down'],
      ['/body/bands/1/to', 'too-big'],
      ['/body/colour', 'field-unknown'],
    ])
    expect(await attempt({ bands: [{ to: 36 }, { from: 36 }] })).toEqual([400, ['/body/bands', 'age-bands-overlap']])
    const two = [{ to: 35 }, { from: 36 }]
    expect(await attempt({ bands: two, pool: { volunteerIds: [set.id] } })).toEqual([
      400,
      ['/body/pool/volunteerIds', 'ids-need-members'],
    ])
    expect(await attempt({ bands, pool: { unitIds: [set.id] } })).toEqual([
      422,
      ['/body/bands', 'bands-and-echelons-differ'],
      ['/body/pool/unitIds/0', 'unit-unknown'],
    ])
    expect(await attempt({ bands: two, pool: { grades: ['nobody'] } })).toEqual([422, ['/body/pool', 'pool-empty']])
    const unknown = await partition(set.id, { by: 'height' })
    expect([unknown.status, unknown.body.code]).toEqual([400, 'request-invalid'])
    expect((await world.must('GET', `/v1/echelon-sets/${set.id}`)).body.version).toBe(1)
  })
})
