import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Wish } from '../../src/modules/hours/hours.exports.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let secondKey: string

// Thursday 5 February 2026, 12:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-02-05T04:00:00Z', worker: false })
  at = duties(world)
  secondKey = await world.makeKey(world.root.id, 'organizer')
})
afterAll(() => world.close())

const reason = 'paper list'
const database = () => world.house.database.sql

async function town(name: string) {
  const body = { parentId: world.root.id, kind: 'town', name: `${name} ${crypto.randomUUID()}` }
  return (await world.must('POST', '/v1/units', body)).body.id as string
}

/** One who was there is entered by one, long after, and vouched for by another one. */
async function served(
  unitId: string,
  day: string,
  from: string,
  minutes: number,
  wish: Parameters<typeof at.person>[0] = {},
) {
  const person = await at.person({ unitId, ...wish })
  const post = await at.post()
  const start = `${day}T${from}`
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start, length: 'PT4H' })
  await world.must('POST', `/v1/assignments/${duty.id}:check-in`, { at: duty.startsAt.toISOString(), reason })
  const left = new Date(duty.startsAt.getTime() + minutes * 60_000).toISOString()
  await world.must('POST', `/v1/assignments/${duty.id}:check-out`, { at: left, reason })
  await vouch(duty.id)
  return { duty, person }
}

const vouch = (id: string) => world.must('POST', `/v1/assignments/${id}:verify`, {}, { key: secondKey })

/** One asks and another one agrees. */
async function correct(assignmentId: string, startsAt: Date, minutes: number) {
  const body = {
    kind: 'presence',
    checkedInAt: startsAt.toISOString(),
    checkedOutAt: new Date(startsAt.getTime() + minutes * 60_000).toISOString(),
    reason: 'looked it up',
  }
  const asked = await world.must('POST', `/v1/assignments/${assignmentId}/corrections`, body)
  const path = `/v1/attendance-corrections/${asked.body.id}:approve`
  await world.must('POST', path, { reason: 'agreed' }, { key: secondKey })
}

const january = (unitId: string) => ({ unitId, from: '2026-01-01', to: '2026-02-01' })
const close = async (unitId: string) => (await world.must('POST', '/v1/hours-periods', january(unitId))).body
const closeAgain = (id: string, version: number) =>
  world.call('POST', `/v1/hours-periods/${id}:close`, {}, { headers: { 'if-match': `"${version}"` } })

async function file(path: string) {
  const answer = await fetch(new URL(path, world.url), { headers: { authorization: `Bearer ${world.root.key}` } })
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(answer.status, bytes.toString()).toBe(200)
  return { headers: answer.headers, bytes }
}
type Rows = Record<string, string>[]
const rowsOf = (bytes: Buffer) => parse(bytes, { bom: true, columns: true }) as Rows
const periodCsv = async (id: string, query = '') =>
  rowsOf((await file(`/v1/hours-periods/${id}/export?lang=en${query}`)).bytes)
const sum = (rows: Rows, column = 'Minutes') => rows.reduce((all, row) => all + Number(row[column]), 0)
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('closing a period', () => {
  afterAll(async () => {
    const findings = await examine(database(), world.clock.now())
    expect(findings.filter((finding) => finding.check === 'closed-lines-are-numbered')).toEqual([])
  })

  test('numbers its lines; a later correction is an adjusting line of the next version, and only that is in the difference', async () => {
    const unitId = await town('Closed')
    const { duty } = await served(unitId, '2026-01-10', '08:00', 120)
    await served(unitId, '2026-01-11', '08:00', 60)
    await served(unitId, '2026-02-01', '08:00', 30)
    const period = await close(unitId)
    expect(period).toMatchObject({ version: 1, waiting: 0, onDuty: 0 })
    expect(period.closes).toMatchObject([{ version: 1, lines: 2, adjusting: 0, minutes: 180 }])
    expect((await closeAgain(period.id, 1)).body.code).toBe('nothing-to-close')

    await correct(duty.id, duty.startsAt, 90)
    expect((await world.must('GET', `/v1/hours-periods/${period.id}`)).body.waiting).toBe(2)
    const again = await closeAgain(period.id, 1)
    expect(again.status, again.text).toBe(200)
    expect(again.body.closes[1]).toMatchObject({ version: 2, lines: 2, adjusting: 2, minutes: -30 })

    const [first, second, difference] = await Promise.all([
      periodCsv(period.id, '&version=1'),
      periodCsv(period.id),
      periodCsv(period.id, '&part=difference'),
    ])
    expect(first.map((row) => row['Line number'])).toEqual(['1', '2'])
    expect(second.slice(0, 2)).toEqual(first)
    expect(second.slice(2)).toEqual(difference)
    expect(
      difference.map((row) => [row['Line number'], row.Version, row.Adjusting, row.Minutes, row.Correction]),
    ).toEqual(
      expect.arrayContaining([
        [expect.stringMatching('3|4'), '2', 'Adjusting', '-120', 'Reversal'],
        [expect.stringMatching('3|4'), '2', 'Adjusting', '90', 'Correction'],
      ]),
    )
    expect(sum(second)).toBe(150)
    const since = await world.call('GET', `/v1/hours-periods/${period.id}/export?part=difference&since=2`)
    expect([since.status, since.body.errors[0].code]).toEqual([422, 'since-not-before'])
  })

  test('what came late and was not closed again goes to the next period', async () => {
    const unitId = await town('Next')
    const { duty } = await served(unitId, '2026-01-20', '08:00', 120)
    await close(unitId)
    await correct(duty.id, duty.startsAt, 100)
    await served(unitId, '2026-02-02', '08:00', 45)
    const body = { unitId, from: '2026-02-01', to: '2026-02-05' }
    const next = (await world.must('POST', '/v1/hours-periods', body)).body
    expect(next.closes).toMatchObject([{ version: 1, lines: 3, adjusting: 2, minutes: 25 }])
  })

  test('the same version is the same bytes, and its fingerprint goes before it and stays on record', async () => {
    const unitId = await town('Hashed')
    const { person } = await served(unitId, '2026-01-10', '08:00', 120)
    const { id } = await close(unitId)
    for (const format of ['csv', 'xlsx', 'jsonl']) {
      const path = `/v1/hours-periods/${id}/export?format=${format}`
      const one = await file(path)
      world.clock.set(new Date(world.clock.now().getTime() + 60_000))
      await database()`update volunteers set display_name = display_name || '!' where id = ${person.id}`
      const two = await file(path)
      expect(two.bytes.equals(one.bytes)).toBe(true)
      const digest = sha256(one.bytes)
      expect(one.headers.get('content-sha256')).toBe(digest)
      expect(one.headers.get('content-digest')).toBe(`sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`)
      const kept = (await world.must('GET', `/v1/hours-exports?sha256=${digest}`)).body.items
      expect(kept).toHaveLength(2)
      expect(kept[0]).toMatchObject({ periodId: id, format, bytes: one.bytes.length, sha256: digest })
    }
    const live = await file(`/v1/exports/service-hours?unitId=${unitId}`)
    const record = (await world.must('GET', `/v1/hours-exports/${live.headers.get('export-id')}`)).body
    expect(record).toMatchObject({ sha256: sha256(live.bytes), bytes: live.bytes.length, kind: 'service-hours' })
  })

  test('of ten closes at once one wins, and of ten further ones too', async () => {
    const unitId = await town('Race')
    const { duty } = await served(unitId, '2026-01-10', '08:00', 120)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.call('POST', '/v1/hours-periods', january(unitId))),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(409)])
    const { id } = answers.find((answer) => answer.status === 201)!.body
    await correct(duty.id, duty.startsAt, 30)
    const again = await Promise.all(Array.from({ length: 10 }, () => closeAgain(id, 1)))
    expect(again.map((answer) => answer.status).sort()).toEqual([200, ...Array(9).fill(412)])
    const overlapping = { unitId, from: '2026-01-15', to: '2026-02-02' }
    expect((await world.call('POST', '/v1/hours-periods', overlapping)).body.code).toBe('period-overlaps')
    const early = { unitId, from: '2026-02-01', to: '2026-03-01' }
    expect((await world.call('POST', '/v1/hours-periods', early)).body.errors[0].code).toBe('not-over')
    await expect(database()`update period_lines set line_no = 9`).rejects.toThrow('append-only')
  })

  test('volunteers and others are parts of the whole, and where they stand together each line says which', async () => {
    const unitId = await town('Classes')
    await served(unitId, '2026-01-10', '08:00', 120)
    for (const [index, personClass] of (['staff', 'police', 'medical'] as const).entries()) {
      await served(unitId, `2026-01-1${index + 1}`, '08:00', 60, { personClass })
    }
    const { id } = await close(unitId)
    const keysOf = (rows: Rows) => rows.map((row) => row['Line number'])
    const [whole, volunteers, others] = await Promise.all([
      periodCsv(id),
      periodCsv(id, '&personClass=volunteer'),
      periodCsv(id, '&personClass=others&columns=lineNo,minutes'),
    ])
    expect(volunteers.map((row) => row.Class)).toEqual(['Volunteer'])
    expect(keysOf(others)).toHaveLength(3)
    expect([...keysOf(volunteers), ...keysOf(others)].sort()).toEqual(keysOf(whole).sort())
    expect(sum(volunteers) + sum(others)).toBe(sum(whole))
    const mixed = await world.call('GET', `/v1/hours-periods/${id}/export?columns=short`)
    expect([mixed.status, mixed.body.errors[0].code]).toEqual([422, 'class-hidden'])
    expect(await periodCsv(id, '&columns=lineNo,personClass')).toHaveLength(4)
  })

  test('names who has no person number, in the answer and in the notes of the sheet', async () => {
    const unitId = await town('Numbers')
    await served(unitId, '2026-01-10', '08:00', 120, { personNumber: 'N-1' })
    const { person } = await served(unitId, '2026-01-11', '08:00', 60, { displayName: 'Zhao Numberless' })
    const period = await close(unitId)
    expect(period.withoutNumber).toEqual([{ volunteerId: person.id, name: 'Zhao Numberless' }])
    const notes = async () => {
      const { bytes } = await file(`/v1/hours-periods/${period.id}/export?format=xlsx&lang=en`)
      return (await readXlsx(bytes))[1]!.data
    }
    const before = await notes()
    expect(before).toContainEqual(['People without a person number', 'Zhao Numberless'])
    await database()`update volunteers set person_number = 'N-2' where id = ${person.id}`
    expect(await notes()).toEqual(before)
  })

  test('says who recorded and verified a line and when, who came late, and how the seat was filled', async () => {
    const unitId = await town('Facts')
    const { duty } = await served(unitId, '2026-01-10', '08:00', 120)
    await served(unitId, '2026-01-11', '08:00', 240)
    const columns = 'columns=verifiedBy,verifiedAt,recordedBy,status,fillSource,entry,personClass'
    const live = async () => {
      const { bytes } = await file(`/v1/exports/service-hours?unitId=${unitId}&lang=en&${columns}`)
      return rowsOf(bytes)
    }
    const now = new Date(world.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
    expect(await live()).toEqual(
      [
        ['Left early', now],
        ['On time', now],
      ].map(([status, verifiedAt]) => ({
        'Verified by': 'organizer key',
        'Verified at': verifiedAt,
        'Recorded by': 'admin key',
        Status: status,
        'Seated by': 'By hand',
        Correction: '',
        Class: 'Volunteer',
      })),
    )
    const { id } = await close(unitId)
    const closed = await periodCsv(id, `&${columns}`)
    expect(closed).toEqual(await live())
    // Whoever is seated after the start is expected from then on; this one had known of the duty before.
    await database()`update assignments set created_at = '2026-01-01', decided_at = '2026-01-01' where id = ${duty.id}`
    await correct(duty.id, new Date(duty.startsAt.getTime() + 30 * 60_000), 30)
    expect((await live()).map((row) => row.Status)).toContain('Late and left early')
    expect(await periodCsv(id, `&${columns}`)).toEqual(closed)
    const jsonl = (await file(`/v1/hours-periods/${id}/export?format=jsonl&version=1`)).bytes.toString()
    expect(JSON.parse(jsonl.split('\n')[0]!)).toMatchObject({ status: 'left-early', fillSource: 'hand' })
  })

  test('a file is on record with its rows, what it is for and who gets it', async () => {
    const unitId = await town('Audited')
    await served(unitId, '2026-01-10', '08:00', 120)
    await served(unitId, '2026-01-11', '08:00', 60)
    const { id } = await close(unitId)
    const grounds = 'purpose=payroll&recipient=City%20HR'
    for (const [path, rows] of [
      [`/v1/hours-periods/${id}/export?${grounds}`, 2],
      [`/v1/exports/service-hours?unitId=${unitId}&to=2026-01-11&${grounds}`, 1],
      [`/v1/exports/service-hours?unitId=${unitId}&view=totals&${grounds}`, 2],
      [`/v1/exports/duty-hours?unitId=${unitId}&${grounds}`, 0],
    ] as const) {
      const { headers } = await file(path)
      const exportId = headers.get('export-id')!
      const record = (await world.must('GET', `/v1/hours-exports/${exportId}`)).body
      expect(record).toMatchObject({ rows, purpose: 'payroll', recipient: 'City HR' })
      const [entry] = await at.auditOf(exportId)
      expect(entry!.facts).toMatchObject({ rows, purpose: 'payroll', recipient: 'City HR' })
    }
  })

  test('a unit closes for itself, and another key sees nothing of it', async () => {
    const unitId = await town('Hidden')
    await served(unitId, '2026-01-10', '08:00', 120)
    const { id } = await close(unitId)
    const key = await world.makeKey(await town('Elsewhere'), 'organizer')
    expect((await world.call('GET', `/v1/hours-periods/${id}`, undefined, { key })).status).toBe(404)
    expect((await world.call('GET', `/v1/hours-periods/${id}/export`, undefined, { key })).status).toBe(404)
  })
})

type Line = Record<'entry' | 'startsAt' | 'kind', string> & { minutes: number; reversedById: string | null }

/** What one duty counts: by the records of who was there, and by the ledger. */
interface Told {
  duty: { id: string; startsAt: Date }
  personId: string
  presence: { standby: number; active: number }
  ledger: { standby: number; active: number }
  /** Entered so late that somebody else has to vouch for it, and nobody has. */
  waits: boolean
  /** Kinds of lines that somebody vouches for. */
  vouched: Set<'standby' | 'active'>
}

/** Somebody on standby for so long who was then at work, in all so many minutes. */
const waitedFirst = (standby: number, minutes: number): Told['presence'] => {
  const waited = Math.min(standby, minutes)
  return { standby: waited, active: minutes - waited }
}
/** What a correction that says nothing of kinds makes of a presence: what comes last is shorter or longer. */
const cutTo = ({ standby, active }: Told['presence'], minutes: number): Told['presence'] =>
  standby > 0 && active === 0 ? { standby: minutes, active: 0 } : waitedFirst(standby, minutes)

test('ledger, exports, closes and attendance add up, whatever is served, corrected and closed at the same time', async () => {
  const minutes = fc.integer({ min: 2, max: 240 })
  const which = fc.nat()
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('serve' as const),
        minutes,
        calledAfter: fc.integer({ min: 0, max: 120 }),
        late: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('correct' as const), which, minutes }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('by hand' as const), which, minutes }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('absent' as const), which }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('verify' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  )

  const patient = (
    await world.must('POST', '/v1/units', {
      parentId: world.root.id,
      kind: 'town',
      name: 'Patient',
      policy: { lateEntryMinutes: 100_000 },
    })
  ).body.id as string

  /** Somebody on standby who was called after some minutes, or at once; all of it entered today. */
  async function serve(
    unitId: string,
    day: string,
    { minutes: stayed, calledAfter, late }: { minutes: number; calledAfter: number; late: boolean },
  ): Promise<Told> {
    const person = await at.person({ unitId })
    const postId = (await at.post(late ? {} : { unitId: patient })).id
    const duty = await at.duty({ volunteerId: person.id, postId, start: `${day}T08:00`, length: 'PT4H' })
    const after = (minutes: number) => new Date(duty.startsAt.getTime() + minutes * 60_000).toISOString()
    const enter = (verb: string, minutes: number, more: object = {}) =>
      world.must('POST', `/v1/assignments/${duty.id}:${verb}`, { at: after(minutes), reason, ...more })
    const presence = waitedFirst(calledAfter, stayed)
    await enter('check-in', 0, calledAfter > 0 ? { kind: 'standby' } : {})
    if (calledAfter > 0 && presence.active > 0) await enter('activate', calledAfter)
    await enter('check-out', stayed)
    const vouched = new Set(late ? [] : (['standby', 'active'] as const))
    return { duty, personId: person.id, presence, ledger: presence, waits: late, vouched }
  }

  /** By whoever has entered it, which counts only of what was entered in time, and by somebody else. */
  async function verify(told: Told): Promise<void> {
    const own = await world.call('POST', `/v1/assignments/${told.duty.id}:verify`, {})
    expect([own.status, own.body.code]).toEqual(told.waits ? [409, 'second-person-needed'] : [200, undefined])
    await vouch(told.duty.id)
    told.waits = false
    told.vouched = new Set(['standby', 'active'])
  }

  /** The longest line that holds is taken for longer or shorter than it is; attendance stays as it was recorded. */
  async function byHand(told: Told, wanted: number): Promise<void> {
    const lines = (await world.must('GET', `/v1/ledger?volunteerId=${told.personId}`)).body.items
    const holding = lines.filter((line: Line) => line.entry !== 'reversal' && line.reversedById === null)
    const line = holding.sort((a: Line, b: Line) => a.startsAt.localeCompare(b.startsAt)).at(-1)
    if (!line || line.minutes === wanted) return
    const endsAt = new Date(Date.parse(line.startsAt) + wanted * 60_000).toISOString()
    const body = { startsAt: line.startsAt, endsAt, reason: 'paper list' }
    const asked = await world.must('POST', `/v1/ledger/${line.id}:correct`, body)
    await world.must('POST', `/v1/ledger-corrections/${asked.body.id}:approve`, undefined, { key: secondKey })
    const kind = line.kind as 'standby' | 'active'
    told.ledger = { ...told.ledger, [kind]: told.ledger[kind] - line.minutes + wanted }
    told.vouched = new Set([...told.vouched, kind])
  }

  async function absent(told: Told): Promise<void> {
    const asked = await world.must('POST', `/v1/assignments/${told.duty.id}/corrections`, { kind: 'absence', reason })
    const path = `/v1/attendance-corrections/${asked.body.id}:approve`
    await world.must('POST', path, { reason: 'agreed' }, { key: secondKey })
    told.presence = { standby: 0, active: 0 }
    told.ledger = told.presence
  }

  async function reviewed(told: Told, wanted: number): Promise<void> {
    await correct(told.duty.id, told.duty.startsAt, wanted)
    told.presence = cutTo(told.presence, wanted)
    told.ledger = told.presence
    told.waits = false
    told.vouched = new Set(['standby', 'active'])
  }

  const seen = { byHand: 0, absent: 0, closes: 0, apart: 0, secondPerson: 0, unverified: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 15 }), async (steps) => {
      const unitId = await town('History')
      const done: Told[] = []
      let periodId: string | undefined
      /** Several at once: one wins, the others are told. */
      const closing = async () => {
        const first = await world.call('POST', '/v1/hours-periods', january(unitId))
        if (first.body.code === 'nothing-verified') return
        periodId = first.body.id ?? first.body.periodId
        if (first.status === 201) return
        const { version } = (await world.must('GET', `/v1/hours-periods/${periodId}`)).body
        const again = await closeAgain(periodId!, version)
        expect([200, 409, 412], again.text).toContain(again.status)
      }
      let running: Promise<unknown>[] = []
      for (const one of steps) {
        if (one.do === 'close') {
          running.push(closing())
          continue
        }
        const waiting = one.do === 'verify' ? done.filter((told) => told.waits) : []
        const among = waiting.length > 0 ? waiting : done
        const told = 'which' in one ? among[one.which % among.length] : undefined
        if (one.do === 'serve') {
          const day = `2026-01-${String(10 + done.length).padStart(2, '0')}`
          done.push(await serve(unitId, day, one))
        } else if (told && one.do === 'correct') await reviewed(told, one.minutes)
        else if (told && one.do === 'by hand') {
          await byHand(told, one.minutes)
          seen.byHand += 1
        } else if (told && one.do === 'absent' && told.presence.active + told.presence.standby > 0) {
          await absent(told)
          seen.absent += 1
        } else if (told && one.do === 'verify' && told.presence.active + told.presence.standby > 0) {
          if (told.waits) seen.secondPerson += 1
          await verify(told)
        }
        await Promise.all(running)
        running = []
      }
      await Promise.all(running)
      await closing()

      const total = (of: 'presence' | 'ledger', kind: 'standby' | 'active') =>
        done.reduce((all, one) => all + one[of][kind], 0)
      const [standby, active] = [total('ledger', 'standby'), total('ledger', 'active')]
      const expected = standby + active
      const [facts] = await database()`
        select (select coalesce(sum(minutes), 0)::int from ledger where unit_id = ${unitId}) as ledger,
          (select coalesce(sum(minutes), 0)::int from ledger where unit_id = ${unitId} and kind = 'standby') as standby,
          (select coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60), 0)::int from segments s
            join attendances a on a.id = s.attendance_id join assignments d on d.id = a.assignment_id
            join volunteers v on v.id = d.volunteer_id
            where v.unit_id = ${unitId} and s.superseded_by_id is null) as attendance`
      const attendance = total('presence', 'standby') + total('presence', 'active')
      expect(facts).toEqual({ ledger: expected, standby, attendance })
      if (expected !== attendance) seen.apart += 1

      const lines = rowsOf((await file(`/v1/exports/service-hours?unitId=${unitId}&lang=en`)).bytes)
      const ofKind = (rows: Rows, kind: string) => sum(rows.filter((row) => row.Kind === kind))
      expect([sum(lines), ofKind(lines, 'Standby'), ofKind(lines, 'Active')]).toEqual([expected, standby, active])
      const totals = rowsOf((await file(`/v1/exports/service-hours?unitId=${unitId}&view=totals&lang=en`)).bytes)
      expect([sum(totals), sum(totals, 'Standby minutes')]).toEqual([expected, standby])
      const sheet = rowsOf((await file('/v1/exports/attendance?from=2026-01-01&to=2026-02-01&lang=en')).bytes)
      const own = sheet.filter((row) => done.some((told) => told.duty.id === row['Duty id']))
      expect([sum(own), sum(own, 'Of these standby')]).toEqual([attendance, total('presence', 'standby')])

      if (!periodId) {
        expect(done.filter((one) => one.vouched.size > 0 && one.ledger.standby + one.ledger.active > 0)).toEqual([])
        return
      }
      const period = (await world.must('GET', `/v1/hours-periods/${periodId}`)).body
      expect(period.waiting).toBe(0)
      seen.closes += period.closes.length
      const kinds = ['standby', 'active'] as const
      const unvouched = done
        .flatMap((one) => kinds.filter((kind) => !one.vouched.has(kind)).map((kind) => one.ledger[kind]))
        .filter((minutes) => minutes > 0)
      const unverified = unvouched.reduce((all, minutes) => all + minutes, 0)
      expect(period.unverified).toEqual({ lines: unvouched.length, minutes: unverified })
      seen.unverified += unvouched.length
      const closed = expected - unverified
      expect(period.closes.reduce((all: number, one: { minutes: number }) => all + one.minutes, 0)).toBe(closed)
      const whole = await periodCsv(periodId!)
      const parts = await Promise.all(
        period.closes.map((one: { version: number }) =>
          periodCsv(periodId!, `&version=${one.version}&part=difference`),
        ),
      )
      expect(parts.flat()).toEqual(whole)
      expect(sum(whole)).toBe(closed)
      expect(whole.map((row) => Number(row['Line number']))).toEqual(whole.map((_, index) => index + 1))
    }),
    { numRuns: 10, seed: 20260205 },
  )
  const promises = ['ledger-adds-up', 'ledger-matches-segments', 'corrections-balance', 'closed-lines-are-numbered']
  const broken = await examine(database(), world.clock.now())
  expect(broken.filter((finding) => promises.includes(finding.check))).toEqual([])
  // The histories were of all kinds.
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(2)
}, 120_000)

describe('files', () => {
  const odd = [
    '=1+1',
    "'=x",
    'a;b',
    ' blank ',
    'say "hi"',
    '+8613800138000',
    '\u3000宽',
    '𬭎㙍',
    'line\nbreak',
    '＝全角',
    "'",
    'tab\tin',
    'back\\slash',
    '\u200b=x',
    '\u00a0y',
    '-',
    '',
  ]
  let unitId: string

  beforeAll(async () => {
    unitId = await town('=Odd "town"; 一')
    for (const [index, displayName] of odd.entries()) {
      const person = await at.person({
        unitId,
        displayName: displayName || ' ',
        personNumber: `N${displayName}${index}`,
      })
      const post = await at.post({ name: `${displayName} post` })
      const zone = ['Asia/Shanghai', 'Europe/Berlin', 'Australia/Lord_Howe'][index % 3]!
      const day = `2025-10-${String(10 + index).padStart(2, '0')}`
      const wish = {
        volunteerId: person.id,
        postId: post.id,
        start: `${day}T23:00`,
        length: 'PT6H',
        zone,
        role: displayName || 'r',
      }
      const duty = await at.duty(wish)
      await world.must('POST', `/v1/assignments/${duty.id}:check-in`, { at: duty.startsAt.toISOString(), reason })
      const left = new Date(duty.startsAt.getTime() + 359 * 60_000)
      await world.must('POST', `/v1/assignments/${duty.id}:check-out`, { at: left.toISOString(), reason })
    }
  })

  test('CSV written by the database is what is written row by row, byte for byte', async () => {
    const { exports } = world.house.services.hours
    const gone = new AbortController().signal
    for (const lang of ['zh', 'en', 'bo'] as const) {
      for (const keys of [undefined, ['name', 'reason', 'minutes', 'entry'], ['minutes']]) {
        const wish: Wish = {
          kind: 'service-hours',
          view: 'lines',
          format: 'csv',
          lang,
          keys,
          stableHeaders: false,
          about: {},
          madeAt: new Date(0),
        }
        const source = { where: sql`true` }
        const quick = await buffer(await exports.open(wish, source, gone))
        const slow = await buffer(exports.csvByHand(wish, source, gone))
        expect(quick.toString()).toBe(slow.toString())
        expect(rowsOf(quick).length).toBeGreaterThanOrEqual(odd.length)
      }
    }
  })

  test('XLSX is read by another program as it was meant: text stays text, numbers and times are such', async () => {
    const { bytes } = await file(`/v1/exports/service-hours?unitId=${unitId}&format=xlsx&lang=en`)
    const [sheet, notes] = await readXlsx(bytes)
    const [header, ...rows] = sheet!.data
    const cell = (row: unknown[], name: string) => row[header!.indexOf(name)]
    expect(rows).toHaveLength(odd.length)
    const names = rows.map((row) => String(cell(row, 'Name')).trim()).sort()
    expect(names).toEqual(
      odd
        .map((name) => name.trim().replace('\u200b=x', '\u200b=x'))
        .map((name) => (name === '' ? 'null' : name))
        .sort(),
    )
    expect(rows.every((row) => cell(row, 'Minutes') === 359)).toBe(true)
    expect(rows.every((row) => cell(row, 'Actual start') instanceof Date)).toBe(true)
    expect(notes!.sheet).toBe('Notes')
  })

  test('JSON Lines carry the stable keys, whatever the language', async () => {
    const { bytes } = await file(`/v1/exports/service-hours?unitId=${unitId}&format=jsonl&lang=zh`)
    const lines = bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(odd.length)
    expect(lines[0]).toMatchObject({
      name: '=1+1',
      kind: 'active',
      minutes: 359,
      entry: 'booking',
      actualStart: '2025-10-10T23:00',
    })
  })

  test('columns by list, by a common name and by a name of a unit; keys as headers', async () => {
    const headers = async (query: string) =>
      Object.keys(rowsOf((await file(`/v1/exports/service-hours?unitId=${unitId}&${query}`)).bytes)[0]!)
    expect(await headers('columns=minutes,name&lang=en')).toEqual(['Minutes', 'Name'])
    expect(await headers('columns=short&headers=keys')).toEqual(['personNumber', 'name', 'localDay', 'creditedMinutes'])
    expect(await headers('columns=hr&lang=zh')).toContain('节假日分钟')
    const path = `/v1/units/${world.root.id}/export-columns/payroll`
    await world.must('PUT', path, { columns: ['personNumber', 'creditedHours'] })
    expect(await headers('columns=payroll&lang=en')).toEqual(['Person number', 'Credited hours'])
    const wrong = await world.call('PUT', path, { columns: ['colour', 'name'] })
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([422, 'column-unknown'])
    const listed = (await world.must('GET', `/v1/units/${unitId}/export-columns`)).body
    expect(listed.sets.map((set: { name: string }) => set.name)).toEqual(['payroll', 'hr', 'short'])
    expect((await world.call('DELETE', path)).status).toBe(204)
  })
})
