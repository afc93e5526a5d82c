import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Monday 11 May 2026, 10:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-11T02:00:00Z', worker: false })
  at = duties(world)
})
afterAll(() => world.close())

const reason = 'paper list'
const must = async (method: string, path: string, body?: object) => (await world.must(method, path, body)).body
const town = async (name: string, policy: object = {}) =>
  (await must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name, policy })) as { id: string }

async function served(volunteerId: string, postId: string, start: string, minutes: number, length = 'PT8H') {
  const duty = await at.duty({ volunteerId, postId, start, length })
  await must('POST', `/v1/assignments/${duty.id}:check-in`, { at: duty.startsAt.toISOString(), reason })
  const left = new Date(duty.startsAt.getTime() + minutes * 60_000).toISOString()
  await must('POST', `/v1/assignments/${duty.id}:check-out`, { at: left, reason })
  return duty
}
const csv = async (path: string) => {
  const { status, bytes } = await download(world, path)
  expect(status, bytes.toString()).toBe(200)
  return parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
}

describe('holidays', () => {
  test('a table holds for all below unless one of them says otherwise; files come as Chinese programs save them', async () => {
    const day = (text: string, kind: string, name: string) => ({ day: text, kind, name })
    const days = [day('2026-05-01', 'holiday', '劳动节'), day('2026-05-09', 'makeUp', '调休')]
    await must('PUT', `/v1/units/${world.root.id}/holidays/2026`, { days })
    const unit = await town('Holiday town')
    await must('PUT', `/v1/units/${unit.id}/holidays/2026`, { days: [day('2026-05-01', 'ordinary', 'worked here')] })
    const { own, effective } = await must('GET', `/v1/units/${unit.id}/holidays?year=2026`)
    expect(own).toHaveLength(1)
    expect(effective.map((one: { day: string; kind: string }) => `${one.day} ${one.kind}`)).toEqual([
      '2026-05-01 ordinary',
      '2026-05-09 makeUp',
    ])
    const wrong = {
      days: [day('2025-05-01', 'holiday', 'a'), day('2026-05-02', 'holiday', 'b'), day('2026-05-02', 'holiday', 'c')],
    }
    const answer = await world.call('PUT', `/v1/units/${unit.id}/holidays/2026`, wrong)
    expect(answer.body.errors.map((one: { code: string }) => one.code)).toEqual(['another-year', 'day-twice'])

    const upload = async (mode: string, text: string, gbk = false) => {
      const chinese = Buffer.from(
        'c8d5c6da2cc0e0d0cd2cc3fbb3c60a323032372f312f312cbdda bcd9c8d52cd4aab5a90a'.replaceAll(' ', ''),
        'hex',
      )
      const response = await fetch(new URL(`/v1/units/${unit.id}:import-holidays?mode=${mode}`, world.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${world.root.key}`, 'content-type': 'text/csv' },
        body: gbk ? chinese : text,
      })
      return (await response.json()) as { written: boolean; days: object[]; problems: { row: number; code: string }[] }
    }
    const broken = await upload('commit', '日期,类型\n2027-02-30,补班\n2027-01-02,什么\n')
    expect([broken.written, broken.problems.map((one) => `${one.row} ${one.code}`)]).toEqual([
      false,
      ['2 day-wrong', '3 kind-unknown'],
    ])
    const imported = await upload('commit', '', true)
    expect(imported).toMatchObject({ written: true, days: [{ day: '2027-01-01', kind: 'holiday', name: '元旦' }] })
    expect((await must('GET', `/v1/units/${unit.id}/holidays?year=2027`)).own).toHaveLength(1)
  })

  test('the ledger counts by the table, the night, the breaks and the least credit of the post’s unit', async () => {
    const unit = await town('Counting town', {
      nightFrom: '23:00',
      nightTo: '05:00',
      mealBreakAfterMinutes: 240,
      mealBreakMinutes: 30,
      minimumCreditMinutes: 120,
    })
    await must('PUT', `/v1/units/${unit.id}/holidays/2026`, {
      days: [
        { day: '2026-05-01', kind: 'holiday', name: '劳动节' },
        { day: '2026-05-09', kind: 'makeUp', name: '调休' },
      ],
    })
    const person = await at.person({ unitId: unit.id })
    const post = await at.post({ unitId: unit.id })
    await served(person.id, post.id, '2026-04-30T22:00', 480)
    await served(person.id, post.id, '2026-05-09T08:00', 60)
    const called = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-10T08:00' })
    await world.house.database.sql`update assignments set source = 'cascade' where id = ${called.id}`
    await must('POST', `/v1/assignments/${called.id}:check-in`, { at: called.startsAt.toISOString(), reason })
    const left = new Date(called.startsAt.getTime() + 45 * 60_000).toISOString()
    await must('POST', `/v1/assignments/${called.id}:check-out`, { at: left, reason })
    const { items } = await must('GET', `/v1/ledger?volunteerId=${person.id}`)
    expect(items).toMatchObject([
      {
        minutes: 480,
        nightMinutes: 360,
        holidayMinutes: 360,
        weekendMinutes: 0,
        breakMinutes: 30,
        creditedMinutes: 450,
      },
      { minutes: 60, holidayMinutes: 0, weekendMinutes: 0, creditedMinutes: 60 },
      { minutes: 45, weekendMinutes: 45, topUpMinutes: 75, creditedMinutes: 120 },
    ])
  })
})

describe('summaries', () => {
  const may = 'from=2026-05-01&to=2026-06-01'
  const made = { unitId: '', ann: '', ben: '', cas: '', east: '', setId: '' }
  beforeAll(async () => {
    made.unitId = (await town('Summed town')).id
    const person = async (displayName: string) => (await at.person({ unitId: made.unitId, displayName })).id
    made.ann = await person('Ann')
    made.ben = await person('Ben')
    made.cas = await person('Cas')
    const post = async (name: string) => (await at.post({ unitId: made.unitId, name })).id
    made.east = await post('Summed east')
    const west = await post('Summed west')
    for (const day of ['04', '05', '06']) await served(made.ann, made.east, `2026-05-${day}T22:00`, 480)
    await served(made.ben, west, '2026-05-07T08:00', 120)
    const sql = world.house.database.sql
    const idle = async (volunteerId: string, start: string, state: string, changedAt: string) => {
      const duty = await at.duty({ volunteerId, postId: west, start })
      await sql`update assignments set state = ${state}, updated_at = ${changedAt} where id = ${duty.id}`
    }
    await idle(made.cas, '2026-05-12T08:00', 'declined', '2026-05-10T00:00Z')
    await idle(made.cas, '2026-05-13T08:00', 'no_show', '2026-05-13T01:00Z')
    await idle(made.ben, '2026-05-14T08:00', 'withdrawn', '2026-05-13T22:00Z')
    await idle(made.ben, '2026-05-15T08:00', 'withdrawn', '2026-05-12T00:00Z')
    const set = await must('POST', '/v1/echelon-sets', {
      unitId: made.unitId,
      name: 'Summed',
      kind: 'reserve',
      echelons: [{ name: 'First' }, { name: 'Second' }],
    })
    made.setId = set.id
    const join = (index: number, ids: string[]) =>
      must('POST', `/v1/echelons/${set.echelons[index].id}/members`, { volunteerIds: ids, fromOn: '2026-01-01' })
    await join(0, [made.ann])
    await join(1, [made.ben, made.cas])
  })
  const summary = async (query: string) =>
    (await must('GET', `/v1/summaries?unitId=${made.unitId}&${may}&${query}`)).items

  test('of people: hours, what did not come about, and where they stand beside a fair share', async () => {
    const people = await summary('by=person')
    expect(people).toMatchObject([
      {
        name: 'Ann',
        duties: 3,
        nights: 3,
        minutes: 1440,
        declines: 0,
        fairShare: { nights: 1, nightsAbove: 2, text: '2 nights, 15 hours above fair share' },
      },
      {
        name: 'Ben',
        duties: 1,
        nights: 0,
        lateCancellations: 1,
        fairShare: { nightsAbove: -1, text: '1 night, 7 hours below fair share' },
      },
      { name: 'Cas', duties: 0, minutes: 0, declines: 1, noShows: 1 },
    ])
    const page = await must('GET', `/v1/summaries?unitId=${made.unitId}&${may}&limit=2`)
    const next = await must('GET', `/v1/summaries?unitId=${made.unitId}&${may}&limit=2&cursor=${page.nextCursor}`)
    expect([...page.items, ...next.items].map((one: { name: string }) => one.name)).toEqual(['Ann', 'Ben', 'Cas'])
  })

  test('whoever was away half of the time owes half, and by agreed share', async () => {
    const { sql } = world.house.database
    await sql`update volunteers set joined_on = '2026-05-16' where id = ${made.ben}`
    await sql`update volunteers set share = 0 where id = ${made.cas}`
    const [ann, ben, cas] = await summary('by=person')
    expect(ann.fairShare.nights + ben.fairShare.nights).toBeCloseTo(3, 0)
    expect(ben.fairShare.nights / ann.fairShare.nights).toBeCloseTo(16 / 31, 1)
    expect(cas.fairShare.nights).toBe(0)
    await sql`update volunteers set joined_on = null, share = 1 where id in (${made.ben}, ${made.cas})`
  })

  test('whoever can come half of the time owes half', async () => {
    const unitId = (await town('Standing town')).id
    const fay = await at.person({ unitId, displayName: 'Fay' })
    const gus = await at.person({ unitId, displayName: 'Gus' })
    const post = await at.post({ unitId })
    await served(fay.id, post.id, '2026-05-04T08:00', 480)
    await served(fay.id, post.id, '2026-05-05T22:00', 480)
    const minutes = async () =>
      (await must('GET', `/v1/summaries?unitId=${unitId}&${may}`)).items.map(
        (one: { fairShare: { minutes: number } }) => one.fairShare.minutes,
      )
    expect(await minutes()).toEqual([480, 480])
    const byDay = { rule: 'FREQ=DAILY', startLocal: '2026-01-01T06:00', length: 'PT12H' }
    await must('POST', `/v1/volunteers/${gus.id}/availabilities`, { kind: 'available', ...byDay })
    expect(await minutes()).toEqual([640, 320])
    await must('POST', `/v1/volunteers/${gus.id}/availabilities`, { kind: 'unavailable', ...byDay, length: 'PT3H' })
    expect(await minutes()).toEqual([960, 0])
  })

  test('weekend and holiday duties and calls at short notice stand beside a fair share too', async () => {
    const unitId = (await town('Called town')).id
    const dan = await at.person({ unitId, displayName: 'Dan' })
    await at.person({ unitId, displayName: 'Eve' })
    const post = await at.post({ unitId })
    await served(dan.id, post.id, '2026-05-01T08:00', 480)
    const called = await served(dan.id, post.id, '2026-05-10T08:00', 480)
    const { sql } = world.house.database
    const callAt = (hours: number) => sql`
      update assignments set source = 'cascade', created_at = starts_at - ${hours}::int * interval '1 hour'
      where id = ${called.id}`
    const people = async () => (await must('GET', `/v1/summaries?unitId=${unitId}&${may}`)).items
    await callAt(25)
    expect((await people())[0]).toMatchObject({ weekendDuties: 1, holidayDuties: 1, calledOut: 1, shortNotice: 0 })
    await callAt(23)
    const [above, below] = await people()
    expect(above).toMatchObject({
      shortNotice: 1,
      fairShare: {
        ...{ shortNotice: 0.5, shortNoticeAbove: 0.5, weekendDutiesAbove: 0.5, holidayDutiesAbove: 0.5 },
        text: '1 weekend duty, 1 holiday duty, 1 short-notice call, 8 hours above fair share',
      },
    })
    expect(below.fairShare).toMatchObject({ shortNoticeAbove: -0.5, minutesAbove: -480 })
  })

  test('of units, posts, echelons and periods the same sums', async () => {
    const minutes = async (by: string) =>
      (await summary(by)).map((one: { name: string; minutes: number }) => [one.name, one.minutes])
    expect(await minutes('by=unit')).toEqual([['Summed town', 1560]])
    expect(await minutes('by=post')).toEqual([
      ['Summed east', 1440],
      ['Summed west', 120],
    ])
    expect(await minutes(`by=echelon&echelonSetId=${made.setId}`)).toEqual([
      ['First', 1440],
      ['Second', 120],
    ])
    expect(await minutes('by=period')).toEqual([['2026-05', 1560]])
    expect(await minutes('by=period&period=week')).toEqual([
      ['2026-W19', 1560],
      ['2026-W20', 0],
    ])
    const wrong = await world.call('GET', `/v1/summaries?by=echelon&${may}`)
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([400, 'echelon-set-needed'])
  })

  test('as CSV, XLSX and SVG', async () => {
    const rows = await csv(`/v1/exports/summaries?unitId=${made.unitId}&${may}&by=person&lang=zh`)
    expect(rows[0]).toMatchObject({
      人员: 'Ann',
      计入小时: '24.00',
      夜班次数: '3',
      均衡情况: '比应摊份额多2个夜班、15小时',
    })
    const { bytes } = await download(
      world,
      `/v1/exports/summaries?unitId=${made.unitId}&${may}&by=post&format=xlsx&lang=en`,
    )
    expect((await readXlsx(bytes))[0]!.data[1]![0]).toBe('Summed east')
    const svg = await world.must(
      'GET',
      `/v1/summaries/charts/person.svg?unitId=${made.unitId}&${may}&figure=nights&lang=en`,
    )
    expect(svg.headers.get('content-type')).toContain('image/svg+xml')
    expect(svg.text).toContain('Nights by person')
  })
})

describe('files of duty', () => {
  test('the list of people is masked, and whole only for admins', async () => {
    const unit = await town('People town')
    const { id } = await at.person({ unitId: unit.id, displayName: '𬭎㙍', personNumber: '330106199001011234' })
    await world.house.database.sql`
      update volunteers set home = '{"latitude": 30.2741, "longitude": 120.1551}', languages = '{zh,bo}' where id = ${id}`
    await world.house.database.sql`
      insert into contact_points (id, volunteer_id, channel, address, position)
      values (gen_random_uuid(), ${id}, 'sms', '13812345678', 1), (gen_random_uuid(), ${id}, 'email', 'liming@example.org', 2)`
    expect(await csv(`/v1/exports/people?unitId=${unit.id}&lang=en`)).toMatchObject([
      { Name: '𬭎㙍', 'Person number': '330106*********234', Phone: '138****5678', 'E-mail': 'li***@example.org' },
    ])
    expect(await csv(`/v1/exports/people?unitId=${unit.id}&lang=en`)).toMatchObject([{ Languages: 'zh; bo', Home: '' }])
    expect(await csv(`/v1/exports/people?unitId=${unit.id}&lang=en&masked=false`)).toMatchObject([
      { 'Person number': '330106199001011234', Phone: '13812345678', Home: '30.2741 120.1551' },
    ])
    const key = await world.makeKey(unit.id, 'organizer')
    expect((await world.call('GET', '/v1/exports/people?masked=false', undefined, { key })).status).toBe(403)
  })

  test('handovers and reports as CSV, XLSX and PDF', async (context) => {
    for (const what of ['handovers', 'reports']) {
      const query = `/v1/exports/${what}?from=2026-05-01&to=2026-05-10`
      expect(await csv(query)).toEqual([])
      const { bytes } = await download(world, `${query}&format=xlsx&lang=en`)
      expect((await readXlsx(bytes))[0]!.data).toHaveLength(1)
      const { bytes: pdf } = await download(world, `${query}&format=pdf`)
      const poppler = await popplerOrSkip(context)
      const [page] = await poppler.text(pdf)
      expect(page).toContain(what === 'handovers' ? '交接班记录' : '报送情况')
      expect(page).toContain('（公章）')
    }
  })
})
