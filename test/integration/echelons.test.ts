import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echelonMembers } from '../../src/modules/echelons/echelons.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let east: string
let west: string

beforeAll(async () => {
  world = await startWorld({ worker: false })
  east = await newUnit('East')
  west = await newUnit('West')
})
afterAll(() => world.close())

const newUnit = async (name: string): Promise<string> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'township', name })).body.id
const newVolunteer = async (displayName: string, more: object = {}): Promise<string> =>
  (await world.must('POST', '/v1/volunteers', { unitId: east, displayName, personClass: 'staff', ...more })).body.id
const newSet = async (name: string, echelons: object[], more: object = {}) =>
  (await world.must('POST', '/v1/echelon-sets', { unitId: east, name, kind: 'reserve', echelons, ...more })).body
const addMembers = (echelonId: string, body: object, options?: object) =>
  world.call('POST', `/v1/echelons/${echelonId}/members`, body, options)
const memberNames = async (echelonId: string, on: string) =>
  (await world.must('GET', `/v1/echelons/${echelonId}/members?on=${on}`)).body.items.map(
    (one: { displayName: string; source: string }) => `${one.displayName} by ${one.source}`,
  )
const ifMatch = (version: number) => ({ headers: { 'if-match': `"${version}"` } })
const wrong = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()

describe('sets', () => {
  test('are made with their echelons, changed, reordered and deleted', async () => {
    const set = await newSet('Made', [{ name: 'A', rule: { age: { to: 35 } } }, { name: 'B' }])
    const path = `/v1/echelon-sets/${set.id}`
    expect(set.echelons).toMatchObject([
      { position: 1, name: 'A', rule: { age: { to: 35 } } },
      { position: 2, name: 'B', rule: null },
    ])
    const [a, b] = set.echelons
    // A and B change places and names at once, and C comes between them.
    const echelons = [{ id: b.id, name: 'A' }, { name: 'C' }, { id: a.id, name: 'B' }]
    const changed = await world.must('PATCH', path, { name: 'Changed', echelons }, ifMatch(1))
    expect(changed.body.echelons.map((one: { name: string }) => one.name)).toEqual(['A', 'C', 'B'])
    expect(changed.body.echelons[0]).toMatchObject({ id: b.id, position: 1, rule: null })
    expect((await world.must('GET', path)).body).toEqual(changed.body)
    expect((await world.call('PATCH', path, { name: 'Late' }, ifMatch(1))).status).toBe(412)
    expect((await world.call('PATCH', path, { name: 'Blind' })).status).toBe(428)
    const listed = await world.must('GET', `/v1/echelon-sets?unitId=${east}&kind=reserve`)
    expect(listed.body.items.find((one: { id: string }) => one.id === set.id)).toEqual(changed.body)
    await world.must('DELETE', path, undefined, ifMatch(2))
    expect((await world.call('GET', path)).status).toBe(404)
    const { db } = world.house.services.foundations
    const audited = await db.select().from(auditLog).where(eq(auditLog.subjectId, set.id)).orderBy(auditLog.at)
    expect(audited.map((row) => row.action)).toEqual([
      'echelon-set.created',
      'echelon-set.changed',
      'echelon-set.deleted',
    ])
  })

  test('an age band upside down is named with all else that is wrong', async () => {
    const answer = await world.call('POST', '/v1/echelon-sets', {
      unitId: east,
      name: 'Wrong',
      kind: 'rotating',
      echelons: [
        { name: 'A', rule: { age: { from: 50, to: 36 } } },
        { name: 'B', rule: {} },
        { name: 'C', rule: { age: {}, grades: [], colour: 'red' } },
      ],
    })
    expect(answer.status).toBe(400)
    expect(wrong(answer)).toEqual([
      ['/body/echelons/0/rule/age/to', 'age-band-upside-down'],
      ['/body/echelons/1/rule', 'rule-empty'],
      ['/body/echelons/2/rule/age', 'age-band-empty'],
      ['/body/echelons/2/rule/colour', 'field-unknown'],
      ['/body/echelons/2/rule/grades', 'too-small'],
      ['/body/kind', 'invalid-value'],
    ])
  })

  test('rules name units of the set and qualifications that exist', async () => {
    const body = {
      ...{ unitId: east, name: 'Far', kind: 'reserve' },
      echelons: [
        {
          name: 'A',
          rule: {
            unitIds: [east, west, east.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
            qualificationIds: [west],
          },
        },
      ],
    }
    const answer = await world.call('POST', '/v1/echelon-sets', body)
    expect([answer.status, ...wrong(answer)]).toEqual([
      422,
      ['/body/echelons/0/rule/qualificationIds/0', 'qualification-unknown'],
      ['/body/echelons/0/rule/unitIds/1', 'unit-outside-set'],
      ['/body/echelons/0/rule/unitIds/2', 'unit-unknown'],
    ])
  })

  test('names are taken once', async () => {
    await newSet('Same', [])
    const again = await world.call('POST', '/v1/echelon-sets', { unitId: east, name: 'Same', kind: 'reserve' })
    expect([again.status, again.body.code]).toEqual([409, 'echelon-set-name-taken'])
    const echelons = [{ name: 'A' }, { name: 'A' }]
    const twice = await world.call('POST', '/v1/echelon-sets', { unitId: east, name: 'X', kind: 'reserve', echelons })
    expect(wrong(twice)).toEqual([['/body/echelons', 'echelon-name-twice']])
  })

  test('the key of a sibling unit sees nothing and changes nothing', async () => {
    const set = await newSet('Private', [{ name: 'A' }])
    const key = { key: await world.makeKey(west, 'admin') }
    const echelon = set.echelons[0].id
    const answers = await Promise.all([
      world.call('GET', `/v1/echelon-sets/${set.id}`, undefined, key),
      world.call('PATCH', `/v1/echelon-sets/${set.id}`, { name: 'Mine' }, { ...key, ...ifMatch(1) }),
      world.call('DELETE', `/v1/echelon-sets/${set.id}`, undefined, { ...key, ...ifMatch(1) }),
      world.call('GET', `/v1/echelons/${echelon}/members`, undefined, key),
      addMembers(echelon, { volunteerIds: [west], fromOn: '2026-05-01' }, key),
      world.call('GET', `/v1/echelon-sets/${set.id}/turns?from=2026-05-01&to=2026-05-02`, undefined, key),
      world.call('POST', `/v1/echelon-sets/${set.id}:partition`, { by: 'grade' }, key),
    ])
    expect(answers.map((one) => one.status)).toEqual([404, 404, 404, 404, 404, 404, 404])
    expect((await world.must('GET', '/v1/echelon-sets', undefined, key)).body.items).toEqual([])
  })
})

describe('members', () => {
  test('come by rule and by hand; exclusions take out, and hand goes before rule', async () => {
    const unitId = await newUnit('Members')
    const at = { unitId, grade: 'm' }
    const [anna, berta, clara] = [
      await newVolunteer('Anna', { ...at, birthOn: '1990-05-10' }),
      await newVolunteer('Berta', at),
      await newVolunteer('Clara', { ...at, birthOn: '2000-01-01' }),
    ]
    const rules = [
      { name: 'Young', rule: { age: { to: 35 } } },
      { name: 'Old', rule: { age: { from: 36 } } },
    ]
    const set = await newSet('Mixed', [...rules, { name: 'Hand' }], { unitId })
    const [young, old, hand] = set.echelons.map((one: { id: string }) => one.id)
    expect(await memberNames(young, '2026-05-09')).toEqual(['Anna by rule', 'Clara by rule'])
    expect(await memberNames(old, '2026-05-10')).toEqual(['Anna by rule'])

    const added = await addMembers(hand, { volunteerIds: [berta, clara], fromOn: '2026-05-05', toOn: '2026-05-08' })
    expect([added.status, added.body.items.length]).toEqual([201, 2])
    expect(await memberNames(hand, '2026-05-05')).toEqual(['Berta by hand', 'Clara by hand'])
    expect(await memberNames(young, '2026-05-07')).toEqual(['Anna by rule'])
    expect(await memberNames(young, '2026-05-08')).toEqual(['Anna by rule', 'Clara by rule'])

    const exclude = { volunteerIds: [anna], fromOn: '2026-05-06' }
    await world.must('POST', `/v1/echelons/${young}/exclusions`, exclude)
    expect(await memberNames(young, '2026-05-06')).toEqual([])
    expect(await memberNames(old, '2026-05-10')).toEqual(['Anna by rule'])
    const exclusions = (await world.must('GET', `/v1/echelons/${young}/exclusions`)).body.items
    expect(exclusions).toMatchObject([{ volunteerId: anna, excluded: true, fromOn: '2026-05-06', toOn: null }])
    await world.must('DELETE', `/v1/echelon-members/${exclusions[0].id}`)
    expect(await memberNames(young, '2026-05-06')).toEqual(['Anna by rule'])

    const entry = added.body.items.find((one: { volunteerId: string }) => one.volunteerId === clara)
    await world.must('DELETE', `/v1/echelon-members/${entry.id}?on=2026-05-06`)
    expect(await memberNames(hand, '2026-05-05')).toEqual(['Berta by hand', 'Clara by hand'])
    expect(await memberNames(hand, '2026-05-06')).toEqual(['Berta by hand'])
    expect(await memberNames(young, '2026-05-06')).toEqual(['Anna by rule', 'Clara by rule'])

    const { foundations, echelons } = world.house.services
    expect(await echelons.members(foundations.db, young, '2026-05-09')).toEqual([anna, clara].sort())
    const spans = await echelons.memberships(foundations.db, [set.id], '2026-05-05', '2026-05-12')
    expect(
      spans.filter((one) => one.volunteerId === anna).map((one) => [one.echelonId, one.position, one.fromOn, one.toOn]),
    ).toEqual([
      [young, 1, null, '2026-05-10'],
      [old, 2, '2026-05-10', null],
    ])
    expect(spans.filter((one) => one.volunteerId === clara)).toMatchObject([
      { echelonId: young, kind: 'reserve', source: 'rule', fromOn: '2026-05-06', toOn: null },
      { echelonId: hand, source: 'hand', entryId: entry.id, fromOn: null, toOn: '2026-05-06' },
    ])
  })

  test('a person is in one echelon of a set at a time, and the answer says who and where', async () => {
    const set = await newSet('Once', [{ name: 'A' }, { name: 'B' }])
    const [a, b] = set.echelons.map((one: { id: string }) => one.id)
    const id = await newVolunteer('Only')
    const other = await newVolunteer('Other')
    await addMembers(a, { volunteerIds: [id], fromOn: '2026-05-05', toOn: '2026-05-10' })
    const clash = await addMembers(b, { volunteerIds: [other, id], fromOn: '2026-05-09' })
    expect([clash.status, ...wrong(clash)]).toEqual([422, ['/body/volunteerIds/1', 'echelon-member-elsewhere']])
    const again = await addMembers(a, { volunteerIds: [id], fromOn: '2026-05-01', toOn: '2026-05-06' })
    expect(wrong(again)).toEqual([['/body/volunteerIds/0', 'already-member']])
    expect(await memberNames(b, '2026-05-09')).toEqual([])
    expect((await addMembers(b, { volunteerIds: [other, id], fromOn: '2026-05-10' })).status).toBe(201)
    const race = await Promise.all(
      [a, b, a, b].map((echelon) =>
        addMembers(echelon, { volunteerIds: [id], fromOn: '2026-04-01', toOn: '2026-05-01' }),
      ),
    )
    expect(race.filter((one) => one.status === 201)).toHaveLength(1)
  })

  test('the database keeps that promise when a writer forgets to ask', async () => {
    const set = await newSet('Kept', [{ name: 'A' }, { name: 'B' }])
    const id = await newVolunteer('Kept')
    const { db } = world.house.services.foundations
    const row = { setId: set.id, volunteerId: id, fromOn: '2026-05-01', createdAt: world.clock.now() }
    await db.insert(echelonMembers).values({ ...row, echelonId: set.echelons[0].id })
    await expect(db.insert(echelonMembers).values({ ...row, echelonId: set.echelons[1].id })).rejects.toMatchObject({
      cause: { constraint_name: 'echelon_members_one_echelon_at_a_time' },
    })
  })

  test('people of another unit, unknown people and dates upside down are named', async () => {
    const set = await newSet('Strict', [{ name: 'A' }])
    const western = await newVolunteer('Western', { unitId: west })
    const echelon = set.echelons[0].id
    const answer = await addMembers(echelon, { volunteerIds: [western, west], fromOn: '2026-05-05' })
    expect([answer.status, ...wrong(answer)]).toEqual([
      422,
      ['/body/volunteerIds/0', 'volunteer-outside-set'],
      ['/body/volunteerIds/1', 'volunteer-unknown'],
    ])
    const key = { key: await world.makeKey(east, 'organizer') }
    const hidden = await addMembers(echelon, { volunteerIds: [western], fromOn: '2026-05-05' }, key)
    expect(wrong(hidden)).toEqual([['/body/volunteerIds/0', 'volunteer-unknown']])
    const upside = await addMembers(echelon, { volunteerIds: [west], fromOn: '2026-05-05', toOn: '2026-05-05' })
    expect(wrong(upside)).toEqual([['/body/toOn', 'ends-before-start']])
  })

  test('an echelon with members by hand cannot be dropped from its set', async () => {
    const set = await newSet('Sticky', [{ name: 'A' }, { name: 'B' }])
    const [a, b] = set.echelons
    await addMembers(a.id, { volunteerIds: [await newVolunteer('Stays')], fromOn: '2026-05-05' })
    const echelons = [{ id: b.id, name: 'B' }]
    const answer = await world.call('PATCH', `/v1/echelon-sets/${set.id}`, { echelons }, ifMatch(1))
    expect([answer.status, answer.body.code]).toEqual([409, 'echelon-has-members'])
    expect((await world.must('GET', `/v1/echelon-sets/${set.id}`)).body.echelons).toHaveLength(2)
  })

  test('the list goes on where it stopped, whoever joins meanwhile', async () => {
    const unitId = await newUnit('Paged')
    const set = await newSet('Paged', [{ name: 'All', rule: { personClasses: ['staff'] } }], { unitId })
    for (const name of ['b', 'd', 'f', 'h']) await newVolunteer(name, { unitId })
    const path = `/v1/echelons/${set.echelons[0].id}/members?on=2026-05-05&limit=2`
    const first = (await world.must('GET', path)).body
    await newVolunteer('a', { unitId })
    await newVolunteer('g', { unitId })
    const second = (await world.must('GET', `${path}&cursor=${first.nextCursor}`)).body
    const shown = [...first.items, ...second.items].map((one: { displayName: string }) => one.displayName)
    expect(shown).toEqual(['b', 'd', 'f', 'g'])
  })
})

describe('rotation', () => {
  const pattern = (order: string[], more: object = {}) => ({
    ...{ effectiveFrom: '2026-05-01', anchorLocal: '2026-05-01T08:00', period: 'P1D', order },
    ...more,
  })

  test('shows who is on turn each day, and answers the same for a moment', async () => {
    const set = await newSet('Rotating', [{ name: 'One' }, { name: 'Two' }], { kind: 'rotation' })
    const [one, two] = set.echelons.map((echelon: { id: string }) => echelon.id)
    const path = `/v1/echelon-sets/${set.id}`
    const made = await world.must('POST', `${path}/rotation-patterns`, pattern([one, two]))
    expect(made.body).toMatchObject({ zone: 'Asia/Shanghai', order: [one, two] })
    const { items } = (await world.must('GET', `${path}/turns?from=2026-05-04&to=2026-05-06`)).body
    expect(
      items.map((turn: { startLocal: string; echelonName: string }) => [turn.startLocal, turn.echelonName]),
    ).toEqual([
      ['2026-05-03T08:00', 'One'],
      ['2026-05-04T08:00', 'Two'],
      ['2026-05-05T08:00', 'One'],
    ])
    expect(items[1]).toMatchObject({ startsAt: '2026-05-04T00:00:00.000Z', endsAt: '2026-05-05T00:00:00.000Z' })

    await world.must('POST', `${path}/rotation-patterns`, pattern([two], { effectiveFrom: '2026-05-05' }))
    const { foundations, echelons } = world.house.services
    const onTurn = await echelons.turns(foundations.db, [set.id, west])
    expect(onTurn(set.id, '2026-05-03T08:00')).toBe(one)
    expect(onTurn(set.id, '2026-05-05T08:00')).toBe(two)
    expect(onTurn(set.id, '2026-04-30T08:00')).toBeUndefined()
    expect(onTurn(west, '2026-05-05T08:00')).toBeUndefined()
    expect((await world.must('GET', `${path}/rotation-patterns`)).body.items).toHaveLength(2)
    const dropped = await world.call('PATCH', path, { echelons: [{ id: two, name: 'Two' }] }, ifMatch(1))
    expect([dropped.status, dropped.body.code]).toEqual([409, 'echelon-in-rotation'])
  })

  test('everything wrong with a pattern is named', async () => {
    const set = await newSet('Patterns', [{ name: 'One' }], { kind: 'rotation' })
    const [one] = set.echelons.map((echelon: { id: string }) => echelon.id)
    const path = `/v1/echelon-sets/${set.id}/rotation-patterns`
    const bad = { effectiveFrom: '2026-02-30', anchorLocal: '08:00', zone: 'Mars/Base', period: 'PT0H' }
    const form = await world.call('POST', path, pattern([], bad))
    expect([form.status, ...wrong(form)]).toEqual([
      400,
      ['/body/anchorLocal', 'time-wrong'],
      ['/body/effectiveFrom', 'invalid-format'],
      ['/body/order', 'too-small'],
      ['/body/period', 'length-zero'],
      ['/body/zone', 'zone-unknown'],
    ])
    expect(wrong(await world.call('POST', path, pattern([one], { period: 'PT30M' })))).toEqual([
      ['/body/period', 'period-too-short'],
    ])
    await world.must('POST', path, pattern([one]))
    const late = await world.call('POST', path, pattern([one, west]))
    expect([late.status, ...wrong(late)]).toEqual([
      422,
      ['/body/effectiveFrom', 'pattern-not-after-last'],
      ['/body/order/1', 'echelon-not-in-set'],
    ])
    const past = await world.call('POST', path, pattern([one], { effectiveFrom: '2026-05-03' }))
    expect(wrong(past)).toEqual([['/body/effectiveFrom', 'pattern-in-the-past']])
    const reserve = await newSet('No turns', [{ name: 'One' }])
    const order = [reserve.echelons[0].id]
    const still = await world.call('POST', `/v1/echelon-sets/${reserve.id}/rotation-patterns`, pattern(order))
    expect([still.status, still.body.code]).toEqual([409, 'set-not-rotation'])
    const window = await world.call('GET', `/v1/echelon-sets/${set.id}/turns?from=2026-05-04&to=2026-05-04`)
    expect(wrong(window)).toEqual([['/query/to', 'ends-before-start']])
  })
})
