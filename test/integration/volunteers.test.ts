import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let east: string
let west: string
let eastKey: string

beforeAll(async () => {
  world = await startWorld({ worker: false })
  east = await newUnit('East')
  west = await newUnit('West')
  eastKey = await world.makeKey(east, 'organizer')
})
afterAll(() => world.close())

const newUnit = async (name: string): Promise<string> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'township', name })).body.id
const newVolunteer = async (more: object = {}) =>
  (await world.must('POST', '/v1/volunteers', { unitId: east, displayName: 'Ann', personClass: 'volunteer', ...more }))
    .body
const newQualification = async (code: string): Promise<string> =>
  (await world.must('POST', '/v1/qualifications', { code, name: code })).body.id
const patch = (id: string, version: number, body: object) =>
  world.call('PATCH', `/v1/volunteers/${id}`, body, { headers: { 'if-match': `"${version}"` } })
const names = async (query: string, key = world.root.key): Promise<string[]> =>
  (await world.must('GET', `/v1/volunteers?${query}`, undefined, { key })).body.items.map(
    (one: { displayName: string }) => one.displayName,
  )
const wrong = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()
const auditOf = (id: string) =>
  world.house.services.foundations.db.select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.id)

describe('qualifications', () => {
  test('only an admin writes the catalog, everybody reads it', async () => {
    const refused = await world.call('POST', '/v1/qualifications', { code: 'x', name: 'X' }, { key: eastKey })
    expect(refused.status).toBe(403)
    await newQualification('q-read')
    const seen = await world.must('GET', '/v1/qualifications?code=q-read', undefined, { key: eastKey })
    expect(seen.body.items).toMatchObject([{ code: 'q-read' }])
  })

  test('a code is given once; a name can change', async () => {
    const id = await newQualification('q-once')
    const again = await world.call('POST', '/v1/qualifications', { code: 'q-once', name: 'Again' })
    expect([again.status, again.body.code]).toEqual([409, 'qualification-code-taken'])
    const renamed = await world.must('PATCH', `/v1/qualifications/${id}`, { name: 'Better' })
    expect(renamed.body).toMatchObject({ code: 'q-once', name: 'Better', kind: 'skill' })
    expect((await auditOf(id)).map((row) => row.action)).toEqual(['qualification.created', 'qualification.changed'])
  })

  test('are of a kind, which can be put right', async () => {
    const body = { code: 'q-kind', name: 'Insured', kind: 'clearance' }
    const { id } = (await world.must('POST', '/v1/qualifications', body)).body
    const clearances = async () =>
      (await world.must('GET', '/v1/qualifications?kind=clearance')).body.items.map((one: { id: string }) => one.id)
    expect(await clearances()).toEqual([id])
    expect((await world.must('PATCH', `/v1/qualifications/${id}`, { kind: 'skill' })).body).toMatchObject({
      name: 'Insured',
      kind: 'skill',
    })
    expect(await clearances()).toEqual([])
    expect((await world.call('PATCH', `/v1/qualifications/${id}`, {})).status).toBe(400)
    expect((await world.call('POST', '/v1/qualifications', { ...body, code: 'q-x', kind: 'hobby' })).status).toBe(400)
  })
})

describe('a volunteer', () => {
  test('keeps everything that is said, and each change leaves one audit row', async () => {
    const qualificationId = await newQualification('q-full')
    const given = {
      displayName: '张三',
      sortName: 'zhang san',
      personNumber: 'P-1',
      personClass: 'medical',
      grade: 'chief',
      birthOn: '1980-02-29',
      languages: ['zh', 'bo'],
      locale: 'zh',
      joinedOn: '2026-01-01',
      leftOn: '2027-01-01',
      share: 0.5,
      limits: { maxShiftsPerWeek: 2 },
      doNotContact: true,
    }
    const made = await newVolunteer({
      ...given,
      contacts: [
        { channel: 'sms', address: '+86 138-0000 0001' },
        { channel: 'email', address: 'a@example.org' },
      ],
      qualifications: [{ qualificationId, validFrom: '2026-01-01', validTo: '2027-01-01' }],
    })
    const read = (await world.must('GET', `/v1/volunteers/${made.id}`)).body
    expect(read).toMatchObject({ ...given, version: 1 })
    expect(read.contacts).toEqual([
      { channel: 'sms', address: '+8613800000001', verifiedAt: null },
      { channel: 'email', address: 'a@example.org', verifiedAt: null },
    ])
    expect(read.qualifications).toMatchObject([{ code: 'q-full', validTo: '2027-01-01' }])
    const changed = await patch(made.id, 1, { grade: 'deputy', qualifications: [] })
    expect(changed.headers.get('etag')).toBe('"2"')
    expect(changed.body).toMatchObject({ grade: 'deputy', qualifications: [], share: 0.5 })
    expect((await patch(made.id, 1, { grade: 'staff' })).status).toBe(412)
    expect((await auditOf(made.id)).map((row) => row.action)).toEqual(['volunteer.created', 'volunteer.changed'])
  })

  test('says where home is to whoever reads the one person, and can take it back', async () => {
    const home = { latitude: 30.2741, longitude: 120.1551 }
    const { id } = await newVolunteer({ displayName: 'At home', home })
    expect((await world.must('GET', `/v1/volunteers/${id}`)).body.home).toEqual(home)
    const [listed] = (await world.must('GET', '/v1/volunteers?search=At%20home')).body.items
    expect(listed.id).toBe(id)
    expect(listed).not.toHaveProperty('home')
    const off = await patch(id, 1, { home: { latitude: 120.1551, longitude: 30.2741 } })
    expect([off.status, wrong(off)]).toEqual([400, [['/body/home/latitude', 'too-big']]])
    expect((await patch(id, 1, { grade: 'chief' })).body.home).toEqual(home)
    expect((await patch(id, 2, { home: null })).body.home).toBeNull()
    expect(JSON.stringify((await auditOf(id)).map((row) => row.facts))).not.toContain('30.27')
    const { sql } = world.house.database
    await expect(sql`update volunteers set home = '{"latitude": 91, "longitude": 0}' where id = ${id}`).rejects.toThrow(
      'volunteers_home_on_earth',
    )
    await expect(sql`update volunteers set home = '{"latitude": 1}' where id = ${id}`).rejects.toThrow(
      'volunteers_home_on_earth',
    )
  })

  test('a contact that stays keeps being verified when the list is replaced', async () => {
    const { id } = await newVolunteer({ contacts: [{ channel: 'email', address: 'keep@example.org' }] })
    const { db } = world.house.services.foundations
    await db
      .update(contactPoints)
      .set({ verifiedAt: new Date('2026-01-01T00:00:00Z') })
      .where(eq(contactPoints.volunteerId, id))
    const contacts = [
      { channel: 'log', address: 'desk' },
      { channel: 'email', address: 'keep@example.org' },
    ]
    expect((await patch(id, 1, { contacts })).body.contacts).toEqual([
      { channel: 'log', address: 'desk', verifiedAt: null },
      { channel: 'email', address: 'keep@example.org', verifiedAt: '2026-01-01T00:00:00.000Z' },
    ])
  })

  test('every wrong field is named at once, a line break in an address among them', async () => {
    const answer = await world.call('POST', '/v1/volunteers', {
      unitId: 'x',
      displayName: 'A\nB',
      personClass: 'hero',
      birthOn: '1899-01-01',
      languages: ['Chinese!'],
      colour: 'red',
      contacts: [
        { channel: 'email', address: 'a@example.org\r\nBcc: evil@example.org' },
        { channel: 'sms', address: '123\r\n456789' },
        { channel: 'log', address: 'a\r\nb' },
      ],
      qualifications: [{ qualificationId: world.root.id, validFrom: '2026-02-01', validTo: '2026-01-01' }],
    })
    expect(answer.status).toBe(400)
    expect(wrong(answer)).toEqual([
      ['/body/birthOn', 'date-out-of-range'],
      ['/body/colour', 'field-unknown'],
      ['/body/contacts/0/address', 'invalid-format'],
      ['/body/contacts/1/address', 'invalid-format'],
      ['/body/contacts/2/address', 'invalid-format'],
      ['/body/displayName', 'invalid-format'],
      ['/body/languages/0', 'invalid-format'],
      ['/body/personClass', 'invalid-value'],
      ['/body/qualifications/0/validTo', 'validity-upside-down'],
      ['/body/unitId', 'invalid-format'],
    ])
  })

  test('what only the database knows is named together, too', async () => {
    const answer = await world.call('POST', '/v1/volunteers', {
      unitId: '00000000-0000-7000-8000-000000000000',
      displayName: 'Ann',
      personClass: 'volunteer',
      birthOn: '2030-01-01',
      qualifications: [{ qualificationId: world.root.id }],
    })
    expect(answer.status).toBe(422)
    expect(wrong(answer)).toEqual([
      ['/body/birthOn', 'birth-in-future'],
      ['/body/qualifications/0/qualificationId', 'qualification-unknown'],
      ['/body/unitId', 'unit-unknown'],
    ])
  })

  test('the last day is compared with the first day known', async () => {
    const { id } = await newVolunteer({ joinedOn: '2026-05-01' })
    const answer = await patch(id, 1, { leftOn: '2026-05-01' })
    expect([answer.status, ...wrong(answer)]).toEqual([422, ['/body/leftOn', 'leaves-before-joining']])
  })

  test('a person number belongs to one person', async () => {
    await newVolunteer({ personNumber: 'ONE' })
    const body = { unitId: east, displayName: 'Bob', personClass: 'staff', personNumber: 'ONE' }
    const answer = await world.call('POST', '/v1/volunteers', body)
    expect([answer.status, answer.body.code]).toEqual([409, 'person-number-taken'])
  })
})

describe('rights', () => {
  test('the key of a sibling unit finds nobody, reads nobody and changes nobody', async () => {
    const { id } = await newVolunteer({ unitId: west, displayName: 'Western' })
    expect(await names('search=Western')).toEqual(['Western'])
    expect(await names('search=Western', eastKey)).toEqual([])
    const key = { key: eastKey, headers: { 'if-match': '"1"' } }
    const answers = await Promise.all([
      world.call('GET', `/v1/volunteers/${id}`, undefined, key),
      world.call('PATCH', `/v1/volunteers/${id}`, { grade: 'x' }, key),
      world.call('GET', `/v1/volunteers/${id}/absences`, undefined, key),
      world.call('POST', `/v1/volunteers/${id}/availabilities`, span(), key),
      world.call('GET', `/v1/volunteers?unitId=${west}`, undefined, key),
    ])
    expect(answers.map((one) => one.status)).toEqual([404, 404, 404, 404, 404])
    const moved = await world.call('POST', '/v1/volunteers', body(west), { key: eastKey })
    expect([moved.status, ...wrong(moved)]).toEqual([422, ['/body/unitId', 'unit-unknown']])
    const viewer = await world.makeKey(east, 'viewer')
    expect((await world.call('POST', '/v1/volunteers', body(east), { key: viewer })).status).toBe(403)
  })
  const body = (unitId: string) => ({ unitId, displayName: 'X', personClass: 'volunteer' })
})

describe('the list', () => {
  test('finds by unit, class, grade, text, contact wish and service', async () => {
    const unitId = await newUnit('Filters')
    const add = (displayName: string, more: object) => newVolunteer({ unitId, displayName, ...more })
    await add('Anna', { personClass: 'police', grade: 'chief', personNumber: 'F_1', joinedOn: '2026-06-01' })
    await add('Berta', { personClass: 'staff', grade: 'chief', doNotContact: true })
    await add('Clara', { personClass: 'staff', grade: 'staff', leftOn: '2026-05-04', personNumber: 'FX1' })
    const found = (query: string) => names(`unitId=${unitId}&${query}`)
    expect(await found('')).toEqual(['Anna', 'Berta', 'Clara'])
    expect(await found('sort=-name')).toEqual(['Clara', 'Berta', 'Anna'])
    expect(await found('personClass=staff')).toEqual(['Berta', 'Clara'])
    expect(await found('grade=chief')).toEqual(['Anna', 'Berta'])
    expect(await found('search=ERT')).toEqual(['Berta'])
    expect(await found('search=f_1')).toEqual(['Anna'])
    expect(await found('doNotContact=true')).toEqual(['Berta'])
    // The clock shows 4 May in Shanghai: Anna comes later, Clara has just left.
    expect(await found('active=true')).toEqual(['Berta'])
    expect(await found('active=false')).toEqual(['Anna', 'Clara'])
    expect(await found('active=true&on=2026-05-03')).toEqual(['Berta', 'Clara'])
    expect((await world.call('GET', '/v1/volunteers?ageFrom=40&ageTo=30')).body.errors).toMatchObject([
      { pointer: '/query/ageTo', code: 'age-band-upside-down' },
    ])
  })

  test('age counts on the day asked for, to the birthday', async () => {
    const unitId = await newUnit('Ages')
    const add = (birthOn: string) => newVolunteer({ unitId, displayName: birthOn, birthOn })
    await add('1990-05-04')
    await add('1991-05-05')
    await add('1992-02-29')
    const found = (query: string) => names(`unitId=${unitId}&${query}`)
    expect(await found('ageFrom=36&on=2026-05-03')).toEqual([])
    expect(await found('ageFrom=36&on=2026-05-04')).toEqual(['1990-05-04'])
    expect(await found('ageTo=34&on=2026-05-04')).toEqual(['1991-05-05', '1992-02-29'])
    expect(await found('ageTo=34&on=2026-05-05')).toEqual(['1992-02-29'])
    expect(await found('ageFrom=34&ageTo=34&on=2027-02-28')).toEqual(['1992-02-29'])
    expect(await found('ageFrom=34&ageTo=34&on=2027-03-01')).toEqual([])
  })

  test('a qualification counts on the days on which it holds', async () => {
    const unitId = await newUnit('Papers')
    const qualificationId = await newQualification('q-dated')
    const qualifications = [{ qualificationId, validFrom: '2026-05-01', validTo: '2026-06-01' }]
    await newVolunteer({ unitId, displayName: 'Holder', qualifications })
    const found = (what: string, on: string) => names(`unitId=${unitId}&qualification=${what}&on=${on}`)
    expect(await found('q-dated', '2026-05-01')).toEqual(['Holder'])
    expect(await found(qualificationId, '2026-05-31')).toEqual(['Holder'])
    expect(await found('q-dated', '2026-04-30')).toEqual([])
    expect(await found('q-dated', '2026-06-01')).toEqual([])
    expect(await found('q-other', '2026-05-15')).toEqual([])
  })

  test('pages neither lose nor repeat anybody while people are added before and after', async () => {
    const unitId = await newUnit('Pages')
    const add = (displayName: string) => newVolunteer({ unitId, displayName })
    const original = ['b', 'd', 'd', 'd', 'f', 'h', 'k']
    for (const name of original) await add(name)
    const seen: { id: string; displayName: string }[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const more = cursor && `&cursor=${cursor}`
      const page = await world.must('GET', `/v1/volunteers?unitId=${unitId}&limit=2${more}`)
      seen.push(...page.body.items)
      cursor = page.body.nextCursor
      await add('a')
      if (seen.length === 4) await add('z')
    }
    expect(seen.map((one) => one.displayName).filter((name) => name !== 'z')).toEqual(original)
    expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
    expect(seen.at(-1)?.displayName).toBe('z')
    const stray = await world.call(
      'GET',
      `/v1/volunteers?sort=createdAt&cursor=${Buffer.from('["name"]').toString('base64url')}`,
    )
    expect([stray.status, stray.body.code]).toEqual([400, 'cursor-wrong'])
  })
})

const span = (more: object = {}) => ({
  kind: 'available',
  rule: 'FREQ=WEEKLY;BYDAY=SA',
  startLocal: '2026-05-02T08:00',
  length: 'PT4H',
  ...more,
})

describe('availability and absences', () => {
  test('are added, listed and removed; the zone is that of the home unit', async () => {
    const { id } = await newVolunteer()
    const path = `/v1/volunteers/${id}/availabilities`
    const made = (await world.must('POST', path, span())).body
    expect(made).toMatchObject({ zone: 'Asia/Shanghai', weight: 1, untilOn: null })
    expect((await world.must('GET', path)).body.items).toEqual([made])
    expect((await world.must('DELETE', `${path}/${made.id}`)).status).toBe(204)
    expect((await world.call('DELETE', `${path}/${made.id}`)).body.code).toBe('availability-unknown')
    expect((await auditOf(id)).map((row) => row.action).slice(1)).toEqual([
      'availability.added',
      'availability.removed',
    ])
  })

  test('a day that never comes, a zone that is none and no length are all named at once', async () => {
    const { id } = await newVolunteer()
    const path = `/v1/volunteers/${id}/availabilities`
    const body = span({ rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', zone: 'Mars/Base', length: 'PT0H' })
    const answer = await world.call('POST', path, body)
    expect([answer.status, ...wrong(answer)]).toEqual([
      400,
      ['/body/length', 'length-zero'],
      ['/body/rule', 'rule-never-happens'],
      ['/body/zone', 'zone-unknown'],
    ])
    const sunday = await world.call('POST', path, span({ rule: 'FREQ=WEEKLY;BYDAY=SU', untilOn: '2026-05-03' }))
    expect(wrong(sunday)).toEqual([['/body/rule', 'rule-never-happens']])
    const once = await world.call('POST', path, span({ rule: null, untilOn: '2026-06-01' }))
    expect(wrong(once)).toEqual([['/body/untilOn', 'until-without-rule']])
    expect((await world.must('GET', path)).body.items).toEqual([])
  })

  test('absences may overlap, and none ends before it starts', async () => {
    const { id } = await newVolunteer()
    const path = `/v1/volunteers/${id}/absences`
    const add = (kind: string, startsAt: string, endsAt: string) => world.call('POST', path, { kind, startsAt, endsAt })
    expect((await add('leave', '2026-05-04T00:00:00Z', '2026-05-10T00:00:00Z')).status).toBe(201)
    const sick = await add('sick', '2026-05-06T08:00:00+08:00', '2026-05-07T00:00:00Z')
    expect(sick.body.startsAt).toBe('2026-05-06T00:00:00.000Z')
    const upside = await add('sick', '2026-05-06T08:00:00+08:00', '2026-05-06T00:00:00Z')
    expect([upside.status, ...wrong(upside)]).toEqual([400, ['/body/endsAt', 'ends-before-start']])
    const kinds = async (query: string) =>
      (await world.must('GET', `${path}?${query}`)).body.items.map((one: { kind: string }) => one.kind)
    expect(await kinds('')).toEqual(['leave', 'sick'])
    expect(await kinds('from=2026-05-07T00:00:00Z')).toEqual(['leave'])
    await world.must('DELETE', `${path}/${sick.body.id}`)
    expect(await kinds('')).toEqual(['leave'])
  })

  test('facts of many people come together, cut to the window', async () => {
    const qualificationId = await newQualification('q-facts')
    const { id } = await newVolunteer({ qualifications: [{ qualificationId, validTo: '2026-12-01' }] })
    const other = await newVolunteer({ displayName: 'Plain' })
    const path = `/v1/volunteers/${id}`
    await world.must('POST', `${path}/availabilities`, span({ kind: 'preferred', weight: 5 }))
    const night = { rule: null, startLocal: '2026-05-08T20:00', length: 'PT12H', kind: 'unavailable' }
    await world.must('POST', `${path}/availabilities`, span(night))
    await world.must('POST', `${path}/absences`, {
      kind: 'sick',
      startsAt: '2026-05-01T00:00:00Z',
      endsAt: '2026-05-05T00:00:00Z',
    })
    const { foundations, volunteers } = world.house.services
    const window = { from: new Date('2026-05-04T00:00:00Z'), to: new Date('2026-05-08T18:00:00Z') }
    const facts = await volunteers.facts(foundations.db, [id, other.id, world.root.id], window)
    expect([...facts.keys()].sort()).toEqual([id, other.id].sort())
    expect(facts.get(id)).toMatchObject({
      row: { displayName: 'Ann' },
      qualifications: [{ id: qualificationId, validFrom: null, validTo: '2026-12-01' }],
      absences: [{ kind: 'sick', endsAt: new Date('2026-05-05T00:00:00Z') }],
    })
    expect(facts.get(id)?.unitPath.endsWith(`/${east}/`)).toBe(true)
    // The Saturday lies after the window; of the night before it the first six hours are in.
    expect(facts.get(id)?.availability).toEqual([
      {
        kind: 'unavailable',
        weight: 1,
        startsAt: new Date('2026-05-08T12:00:00Z'),
        endsAt: new Date('2026-05-08T18:00:00Z'),
      },
    ])
    expect(facts.get(other.id)).toMatchObject({ qualifications: [], availability: [], absences: [] })
  })
})
