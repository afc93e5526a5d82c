import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echelonSets } from '../../src/modules/echelons/echelons.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-04T02:00:00Z' })
})
afterAll(() => world.close())

const UNKNOWN = '01890000-0000-7000-8000-000000000000'
let names = 0
const newUnit = async (name: string, parentId = world.root.id) =>
  (await world.must('POST', '/v1/units', { parentId, kind: 'township', name })).body
const newPost = async (more: object = {}) =>
  (
    await world.must('POST', '/v1/posts', {
      unitId: world.root.id,
      name: `Gate ${names++}`,
      kind: 'checkpoint',
      requirements: [
        { role: 'lead', minimum: 1, desired: 1 },
        { role: 'staff', minimum: 1, desired: 2 },
      ],
      ...more,
    })
  ).body
const newTemplate = async (postId: string, more: object = {}) =>
  (
    await world.must('POST', '/v1/shift-templates', {
      postId,
      name: `Day and night ${names++}`,
      rule: 'FREQ=DAILY',
      startTime: '08:00',
      length: 'P1D',
      effectiveFrom: '2026-05-01',
      ...more,
    })
  ).body
const makeShifts = (fromOn: string, toOn: string, unitPath = `/${world.root.id}/`) =>
  world.house.services.foundations.db.transaction((tx) =>
    world.house.services.posts.materialise(tx, { unitPath, fromOn, toOn }, world.clock.now()),
  )
const newSet = async (unitId: string) => {
  const now = world.clock.now()
  const row = { unitId, name: `Reserve ${names++}`, kind: 'reserve' as const, createdAt: now, updatedAt: now }
  return (await world.house.services.foundations.db.insert(echelonSets).values(row).returning())[0]!.id
}
const errorsOf = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()
const shiftsAt = async (postId: string, query = '') =>
  (await world.must('GET', `/v1/shifts?postId=${postId}${query}`)).body.items

describe('posts', () => {
  test('every wrong number of seats is named in one answer', async () => {
    const answer = await world.call('POST', '/v1/posts', {
      unitId: world.root.id,
      kind: 'checkpoint',
      latitude: 91,
      requirements: [
        { role: 'lead', minimum: 3, desired: 1 },
        { role: 'staff', minimum: 1, desired: 2, maximum: 1 },
        { role: 'guard', minimum: 2, desired: 1, grades: 'chief' },
      ],
    })
    expect(answer.status).toBe(400)
    expect(errorsOf(answer)).toEqual([
      ['/body/latitude', 'too-big'],
      ['/body/name', 'invalid-type'],
      ['/body/requirements/0/desired', 'desired-below-minimum'],
      ['/body/requirements/1/maximum', 'maximum-below-desired'],
      ['/body/requirements/2/desired', 'desired-below-minimum'],
      ['/body/requirements/2/grades', 'invalid-type'],
    ])
  })

  test('unknown references are named field by field, and nothing is written', async () => {
    const answer = await world.call('POST', '/v1/posts', {
      unitId: UNKNOWN,
      name: 'Nowhere',
      kind: 'checkpoint',
      requirements: [
        {
          role: 'lead',
          minimum: 1,
          desired: 1,
          qualificationIds: [UNKNOWN],
          unitIds: [world.root.id, UNKNOWN],
          echelonSetId: UNKNOWN,
          reserveSetIds: [UNKNOWN],
        },
      ],
    })
    expect(answer.status).toBe(422)
    expect(errorsOf(answer)).toEqual([
      ['/body/requirements/0/echelonSetId', 'echelon-set-unknown'],
      ['/body/requirements/0/qualificationIds/0', 'qualification-unknown'],
      ['/body/requirements/0/reserveSetIds/0', 'echelon-set-unknown'],
      ['/body/requirements/0/unitIds/1', 'unit-unknown'],
      ['/body/unitId', 'unit-unknown'],
    ])
    expect((await world.must('GET', '/v1/posts')).body.items.map((post: { name: string }) => post.name)).not.toContain(
      'Nowhere',
    )
  })

  test('a requirement says which languages are spoken', async () => {
    const desk = (languages: string[]) => [{ role: 'desk', minimum: 1, desired: 1, languages }]
    const post = await newPost({ requirements: desk(['bo', 'zh']) })
    expect(post.requirements).toMatchObject([{ languages: ['bo', 'zh'] }])
    const patch = (requirements: object, version: number) =>
      world.call('PATCH', `/v1/posts/${post.id}`, { requirements }, { headers: { 'if-match': `"${version}"` } })
    expect((await patch(desk(['en']), 1)).body.requirements).toMatchObject([{ languages: ['en'] }])
    const wrong = await patch(desk(['Tibetan!']), 2)
    expect([wrong.status, errorsOf(wrong)]).toEqual([400, [['/body/requirements/0/languages/0', 'invalid-format']]])
    expect((await newPost()).requirements[0].languages).toEqual([])
  })

  test('a role keeps its identity when the list of requirements is replaced', async () => {
    const post = await newPost()
    const [lead, staff] = post.requirements
    const changed = await world.must(
      'PATCH',
      `/v1/posts/${post.id}`,
      {
        requirements: [
          { role: 'staff', minimum: 2, desired: 2 },
          { role: 'medic', minimum: 1, desired: 1 },
        ],
      },
      { headers: { 'if-match': '"1"' } },
    )
    expect(changed.headers.get('etag')).toBe('"2"')
    expect(changed.body.requirements.map((one: { role: string }) => one.role)).toEqual(['staff', 'medic'])
    expect(changed.body.requirements[0]).toMatchObject({ id: staff.id, minimum: 2, maximum: 2 })
    expect(changed.body.requirements.map((one: { id: string }) => one.id)).not.toContain(lead.id)
  })

  test('a change needs If-Match: 428 without, 412 with what is stale', async () => {
    const post = await newPost()
    expect((await world.call('PATCH', `/v1/posts/${post.id}`, { priority: 1 })).status).toBe(428)
    const stale = await world.call('PATCH', `/v1/posts/${post.id}`, { priority: 1 }, { headers: { 'if-match': '"7"' } })
    expect([stale.status, stale.body.currentVersion]).toEqual([412, 1])
  })

  test('a post can be removed until it has had a shift', async () => {
    const post = await newPost()
    await newTemplate(post.id)
    const other = await newPost()
    await newTemplate(other.id)
    await makeShifts('2026-05-10', '2026-05-12')
    const kept = await world.call('DELETE', `/v1/posts/${other.id}`, undefined, { headers: { 'if-match': '"1"' } })
    expect([kept.status, kept.body.code]).toEqual([409, 'post-in-use'])
    const fresh = await newPost()
    await newTemplate(fresh.id)
    await world.must('DELETE', `/v1/posts/${fresh.id}`, undefined, { headers: { 'if-match': '"1"' } })
    expect((await world.call('GET', `/v1/posts/${fresh.id}`)).status).toBe(404)
  })

  test('lists filter by subtree, kind, priority and activity, page by page', async () => {
    const town = await newUnit('Listing town')
    const village = await newUnit('Listing village', town.id)
    await newPost({ unitId: town.id, name: 'L1', kind: 'hotline', priority: 1 })
    await newPost({ unitId: village.id, name: 'L2', kind: 'hotline', priority: 2 })
    await newPost({ unitId: village.id, name: 'L3', kind: 'station', priority: 1, active: false })
    const namesOf = async (query: string) =>
      (await world.must('GET', `/v1/posts?unitId=${town.id}&${query}`)).body.items.map((p: { name: string }) => p.name)
    expect(await namesOf('sort=-name')).toEqual(['L3', 'L2', 'L1'])
    expect(await namesOf('kind=hotline')).toEqual(['L1', 'L2'])
    expect(await namesOf('priority=1&active=true')).toEqual(['L1'])
    const first = (await world.must('GET', `/v1/posts?unitId=${town.id}&limit=2`)).body
    expect(first.items).toHaveLength(2)
    expect(await namesOf(`limit=2&cursor=${first.nextCursor}`)).toEqual(['L3'])
  })

  test('a post outside the subtree looks as if it did not exist; a reserve set above it may be named', async () => {
    const [mine, theirs] = [await newUnit('Mine'), await newUnit('Theirs')]
    const key = await world.makeKey(mine.id, 'organizer')
    const hidden = await newPost({ unitId: theirs.id })
    expect((await world.call('GET', `/v1/posts/${hidden.id}`, undefined, { key })).status).toBe(404)
    expect(
      (await world.call('PATCH', `/v1/posts/${hidden.id}`, { priority: 1 }, { key, headers: { 'if-match': '"1"' } }))
        .status,
    ).toBe(404)
    expect((await world.must('GET', '/v1/posts', undefined, { key })).body.items).toEqual([])
    const reserve = { role: 'guard', minimum: 1, desired: 1, reserveSetIds: [await newSet(world.root.id)] }
    const input = { unitId: mine.id, name: 'Own gate', kind: 'gate', requirements: [reserve] }
    await world.must('POST', '/v1/posts', input, { key })
    const foreign = { ...reserve, reserveSetIds: [await newSet(theirs.id)] }
    const stranger = await world.call('POST', '/v1/posts', { ...input, name: 'B', requirements: [foreign] }, { key })
    expect(errorsOf(stranger)).toEqual([['/body/requirements/0/reserveSetIds/0', 'echelon-set-unknown']])
    const viewer = await world.makeKey(mine.id, 'viewer')
    const refused = await world.call('POST', '/v1/posts', { unitId: mine.id, name: 'V', kind: 'k' }, { key: viewer })
    expect([refused.status, refused.body.code]).toEqual([403, 'role-too-low'])
  })
})

describe('shift templates', () => {
  test('an unknown zone, a rule that never happens and a length of nothing are named together', async () => {
    const post = await newPost()
    const answer = await world.call('POST', '/v1/shift-templates', {
      postId: post.id,
      name: 'Impossible',
      rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      startTime: '8:00',
      length: 'PT0H',
      zone: 'Mars/Base',
      effectiveFrom: '2026-05-01',
      effectiveTo: '2026-05-01',
    })
    expect(answer.status).toBe(400)
    expect(errorsOf(answer)).toEqual([
      ['/body/effectiveTo', 'effective-upside-down'],
      ['/body/length', 'length-zero'],
      ['/body/rule', 'rule-never-happens'],
      ['/body/startTime', 'time-wrong'],
      ['/body/zone', 'zone-unknown'],
    ])
  })

  test('a sound rule that never happens while the template is in force is named, also after a change', async () => {
    const post = await newPost()
    const input = {
      postId: post.id,
      name: 'Leap',
      rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
      startTime: '08:00',
      length: 'P1D',
      effectiveFrom: '2026-05-01',
      effectiveTo: '2027-05-01',
    }
    const refused = await world.call('POST', '/v1/shift-templates', { ...input, zone: 'Mars/Base' })
    expect(errorsOf(refused)).toEqual([
      ['/body/rule', 'rule-never-happens'],
      ['/body/zone', 'zone-unknown'],
    ])
    const { effectiveTo: _left, ...open } = input
    const template = await newTemplate(post.id, open)
    const closed = await world.call(
      'PATCH',
      `/v1/shift-templates/${template.id}`,
      { effectiveTo: '2027-05-01' },
      { headers: { 'if-match': '"1"' } },
    )
    expect([closed.status, errorsOf(closed)]).toEqual([422, [['/body/rule', 'rule-never-happens']]])
  })

  test('the zone is the unit’s when left out; requirements are those of the post', async () => {
    const post = await newPost()
    const template = await newTemplate(post.id, { requirementIds: [post.requirements[0].id] })
    expect(template).toMatchObject({ zone: 'Asia/Shanghai', effectiveTo: null })
    const stranger = await newPost()
    const refused = await world.call('POST', '/v1/shift-templates', {
      postId: post.id,
      name: 'X',
      rule: 'FREQ=DAILY',
      startTime: '08:00',
      length: 'P1D',
      effectiveFrom: '2026-05-01',
      requirementIds: [stranger.requirements[0].id],
    })
    expect(errorsOf(refused)).toEqual([['/body/requirementIds/0', 'requirement-unknown']])
  })

  test('the preview shows skipped and moved occurrences and writes nothing', async () => {
    const post = await newPost()
    const template = await newTemplate(post.id)
    const url = `/v1/shift-templates/${template.id}`
    await world.must('POST', `${url}/exceptions`, {
      originalStart: '2026-06-02T08:00',
      kind: 'skip',
      reason: 'festival',
    })
    await world.must('POST', `${url}/exceptions`, {
      originalStart: '2026-06-03T08:00',
      kind: 'move',
      startLocal: '2026-06-03T10:00',
      length: 'PT6H',
    })
    const preview = (await world.must('GET', `${url}/occurrences?from=2026-06-01&to=2026-06-04`)).body.items
    expect(preview).toEqual([
      {
        originalStart: '2026-06-01T08:00',
        startLocal: '2026-06-01T08:00',
        endLocal: '2026-06-02T08:00',
        startsAt: '2026-06-01T00:00:00.000Z',
        endsAt: '2026-06-02T00:00:00.000Z',
        exception: null,
        shiftId: null,
      },
      expect.objectContaining({ originalStart: '2026-06-02T08:00', exception: 'skip' }),
      expect.objectContaining({ startLocal: '2026-06-03T10:00', endLocal: '2026-06-03T16:00', exception: 'move' }),
    ])
    expect(await shiftsAt(post.id)).toEqual([])
    const refused = await world.call('POST', `${url}/exceptions`, { originalStart: '2026-06-02T09:00', kind: 'skip' })
    expect(errorsOf(refused)).toEqual([['/body/originalStart', 'occurrence-unknown']])
    const twice = await world.call('POST', `${url}/exceptions`, { originalStart: '2026-06-02T08:00', kind: 'skip' })
    expect([twice.status, twice.body.code]).toEqual([409, 'shift-exception-exists'])
    const long = await world.call('GET', `${url}/occurrences?from=2026-06-01&to=2028-06-04`)
    expect(errorsOf(long)).toEqual([['/query/to', 'window-too-long']])
  })
})

describe('shifts', () => {
  test('each occurrence is made once, however often and from how many sides at once', async () => {
    const post = await newPost()
    await newTemplate(post.id)
    await Promise.all([1, 2, 3, 4].map(() => makeShifts('2026-07-06', '2026-07-13')))
    const shifts = await shiftsAt(post.id)
    expect(shifts).toHaveLength(7)
    expect(shifts[0]).toMatchObject({ localDay: '2026-07-06', startsAt: '2026-07-06T00:00:00.000Z', state: 'planned' })
    expect(
      shifts[0].slots.map((s: { role: string; seat: number; mandatory: boolean }) => [s.role, s.seat, s.mandatory]),
    ).toEqual([
      ['lead', 1, true],
      ['staff', 1, true],
      ['staff', 2, false],
    ])
    const again = await makeShifts('2026-07-06', '2026-07-13')
    expect(again.shifts.filter((shift) => shift.postId === post.id).map((shift) => shift.id)).toEqual(
      shifts.map((shift: { id: string }) => shift.id),
    )
  })

  test('shifts follow a change of template and post, on the days that were planned', async () => {
    const post = await newPost()
    const template = await newTemplate(post.id)
    await makeShifts('2026-08-03', '2026-08-05')
    const before = await shiftsAt(post.id)
    const headers = { 'if-match': '"1"' }
    await world.must(
      'PATCH',
      `/v1/shift-templates/${template.id}`,
      { startTime: '20:00', length: 'PT12H' },
      { headers },
    )
    const moved = await shiftsAt(post.id, '&state=planned&from=2026-08-03&to=2026-08-05')
    expect(moved.map((s: { startLocal: string }) => s.startLocal)).toEqual(['2026-08-03T20:00', '2026-08-04T20:00'])
    const cancelled = (await shiftsAt(post.id, '&state=cancelled')).map((s: { id: string }) => s.id)
    expect(cancelled).toEqual(before.map((s: { id: string }) => s.id))
    expect((await shiftsAt(post.id, '&state=planned')).length).toBe(2)

    await world.must(
      'PATCH',
      `/v1/posts/${post.id}`,
      { requirements: [{ role: 'staff', minimum: 3, desired: 3 }] },
      { headers },
    )
    const [first] = await shiftsAt(post.id, '&state=planned&from=2026-08-03')
    expect(first.slots.map((s: { role: string; mandatory: boolean }) => [s.role, s.mandatory])).toEqual([
      ['staff', true],
      ['staff', true],
      ['staff', true],
    ])
  })

  test('a skipped occurrence is cancelled and comes back with its id', async () => {
    const post = await newPost()
    const template = await newTemplate(post.id)
    await makeShifts('2026-09-07', '2026-09-09')
    const [first] = await shiftsAt(post.id)
    const url = `/v1/shift-templates/${template.id}/exceptions`
    const exception = (await world.must('POST', url, { originalStart: '2026-09-07T08:00', kind: 'skip' })).body
    expect((await shiftsAt(post.id, '&state=cancelled')).map((s: { id: string }) => s.id)).toEqual([first.id])
    await world.must('DELETE', `${url}/${exception.id}`)
    expect((await shiftsAt(post.id, '&state=planned')).map((s: { id: string }) => s.id)).toContain(first.id)
  })

  test('no shift is made that would have begun already', async () => {
    const post = await newPost()
    await newTemplate(post.id)
    await makeShifts('2026-05-03', '2026-05-06')
    expect((await shiftsAt(post.id)).map((s: { localDay: string }) => s.localDay)).toEqual(['2026-05-05'])
  })

  test('each change of a resource has exactly one audit row', async () => {
    const post = await newPost()
    const template = await newTemplate(post.id)
    await makeShifts('2026-10-05', '2026-10-06')
    const [shift] = await shiftsAt(post.id)
    const rows = await world.house.database.sql<{ action: string; count: number }[]>`
      select action, count(*)::int as count from audit_log
      where subject_id in (${post.id}, ${template.id}, ${shift.id}) group by action order by action`
    expect([...rows]).toEqual([
      { action: 'post.created', count: 1 },
      { action: 'shift-template.created', count: 1 },
      { action: 'shift.planned', count: 1 },
    ])
  })
})
