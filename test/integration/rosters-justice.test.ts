import { afterAll, beforeAll, expect, test } from 'vitest'
import { duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
// Saturday 9 May 2026, 10:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-09T02:00:00Z' })
})
afterAll(() => world.close())

const must = async (method: string, path: string, body?: object, headers = {}) =>
  (await world.must(method, path, body, { headers })).body
const DAY_HOURS = 8

interface Line {
  ruleId: string
  personId: string
  measure: string
  load: number
  fairShare: number
  deviation: number
  text: { zh: string; en: string }
}

/** Two people who served for weeks, one who joined today, one who was ill all the time, one who can come every other day. */
async function fiveOfAGate() {
  const unitId = (await must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Fair town' })).id
  const person = async (displayName: string, more = {}) =>
    (await must('POST', '/v1/volunteers', { unitId, displayName, personClass: 'staff', ...more })).id as string
  const [ann, ben, ill, half] = [await person('Ann'), await person('Ben'), await person('Ill'), await person('Half')]
  const fresh = await person('Fresh', { joinedOn: '2026-05-09' })
  await must('POST', `/v1/volunteers/${ill}/absences`, {
    ...{ kind: 'sick', startsAt: '2026-03-01T00:00:00+08:00', endsAt: '2026-05-10T00:00:00+08:00' },
  })
  await must('POST', `/v1/volunteers/${half}/availabilities`, {
    ...{ kind: 'available', rule: 'FREQ=DAILY;INTERVAL=2', startLocal: '2026-01-01T00:00', length: 'PT32H' },
  })
  return { unitId, ann, ben, ill, half, fresh }
}

/** Three pairs of days; each full member served by day and by night in each, who can come every other day once. */
async function serve(unitId: string, { ann, ben, half }: Record<'ann' | 'ben' | 'half', string>) {
  const at = duties(world)
  const post = await at.post({ unitId })
  const called: string[] = []
  for (const [first, second] of [
    ['2026-04-06', '2026-04-07'],
    ['2026-04-20', '2026-04-21'],
    ['2026-05-04', '2026-05-05'],
  ]) {
    const wishes = [
      [ann, `${first}T08:00`],
      [ben, `${first}T22:00`],
      [ann, `${second}T22:00`],
      [ben, `${second}T08:00`],
      [half, `${first}T08:00`],
    ]
    for (const [volunteerId, start] of wishes) {
      const { id, startsAt, endsAt } = await at.duty({ volunteerId: volunteerId!, postId: post.id, start: start! })
      const reason = 'paper list'
      await must('POST', `/v1/assignments/${id}:check-in`, { at: startsAt.toISOString(), reason })
      await must('POST', `/v1/assignments/${id}:check-out`, { at: endsAt.toISOString(), reason })
      if (volunteerId === ann) called.push(id)
    }
  }
  const { sql } = world.house.database
  await sql`update assignments set source = 'cascade', created_at = starts_at - interval '2 hours' where id = ${called.at(-1)!}`
  await sql`update rosters set to_on = '2026-05-10' where to_on = '2030-01-01'`
}

async function gate(unitId: string, effectiveFrom: string) {
  const requirements = [{ role: 'guard', minimum: 1, desired: 1 }]
  const post = await must('POST', '/v1/posts', { unitId, name: 'Gate', kind: 'checkpoint', requirements })
  for (const startTime of ['08:00', '22:00']) {
    const hours = { startTime, length: 'PT8H', effectiveFrom }
    await must('POST', '/v1/shift-templates', { postId: post.id, name: startTime, rule: 'FREQ=DAILY', ...hours })
  }
}

/** Asks for a roster of the unit; its run when it is over. */
async function planned(unitId: string, from: string, to: string, more: object) {
  const asked = await must('POST', '/v1/rosters', { unitId, from, to, ...more }, { 'idempotency-key': unitId })
  await world.settled()
  const run = await must('GET', `/v1/generation-runs/${asked.generationRun.id}`)
  expect([run.state, run.error]).toEqual(['done', null])
  const { items } = await must('GET', `/v1/rosters/${asked.id}/assignments?limit=500`)
  const rows: { localDay: string; draft: { volunteerId: string } }[] = items
  return { counts: run.outcome.counts, lines: run.outcome.justice as Line[], rows }
}

test('newcomers and those who were ill owe nothing of the past, and half availability is half a share', async () => {
  const { unitId, ...people } = await fiveOfAGate()
  await serve(unitId, people)
  await gate(unitId, '2026-05-11')
  const {
    counts: made,
    lines,
    rows,
  } = await planned(unitId, '2026-05-11', '2026-05-25', { seed: 3, iterations: 30_000 })
  expect(made.assigned).toBe(28)
  const lineOf = (personId: string, measure: string) =>
    lines.find((line) => line.personId === personId && line.measure === measure)!
  const plannedFor = (id: string) => rows.filter((row) => row.draft.volunteerId === id).length
  const counts = Object.fromEntries(Object.entries(people).map(([name, id]) => [name, plannedFor(id)]))
  // 28 duties, by 1 : 1 : 1 : 1 : 0.5.
  for (const name of ['ann', 'ben', 'ill', 'fresh']) expect([6, 7]).toContain(counts[name])
  expect([3, 4]).toContain(counts.half)

  for (const id of [people.ill, people.fresh]) {
    const line = lineOf(id, 'minutes')
    expect(line.load).toBe(plannedFor(id) * DAY_HOURS * 60)
    expect(line.fairShare).toBeCloseTo((28 * DAY_HOURS * 60) / 4.5, 0)
    const off = plannedFor(id) === 6 ? '2 hours below' : '6 hours above'
    expect(line.text.en).toMatch(
      new RegExp(`: ${off} fair share \\(carries ${plannedFor(id) * DAY_HOURS} h, due 49.8 h\\)$`),
    )
    expect(line.text.zh).toMatch(plannedFor(id) === 6 ? /比应摊份额少 2 小时值班/ : /比应摊份额多 6 小时值班/)
    expect(Math.abs(lineOf(id, 'nights').deviation)).toBeLessThan(1)
  }
  // Half of what a full member was due before and is due now.
  const due = (id: string) => lineOf(id, 'minutes').fairShare
  expect(due(people.half) / due(people.ann)).toBeCloseTo(0.5, 2)
  expect(due(people.ann)).toBeGreaterThan(due(people.fresh) + 2 * DAY_HOURS * 60)

  expect(lineOf(people.ann, 'shortNotice').text.en).toBe(
    'Ann: 1 short-notice call above fair share (carries 0.9, due 0.3)',
  )
  expect(lineOf(people.ben, 'shortNotice').text.zh).toBe('Ben 临时征召次数与应摊份额相当（已担 0，应摊 0.3）')
  expect(lines.some((line) => line.personId === people.fresh && line.measure === 'shortNotice')).toBe(false)
})

test('who is planned a day before the start is called at short notice', async () => {
  const unitId = (await must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Late town' })).id
  for (const displayName of ['Kim', 'Lee'])
    await must('POST', '/v1/volunteers', { unitId, displayName, personClass: 'staff' })
  await gate(unitId, '2026-05-10')
  const { lines, rows } = await planned(unitId, '2026-05-10', '2026-05-12', { iterations: 2_000 })
  // It is 10:00 of the day before; the night of the tenth begins 36 hours later.
  const soon = rows.find((row) => row.localDay === '2026-05-10')!.draft.volunteerId
  const calls = lines.filter((line) => line.measure === 'shortNotice')
  expect(calls.map(({ personId, load, fairShare }) => [personId === soon, load, fairShare]).sort()).toEqual([
    [false, 0, 0.5],
    [true, 1, 0.5],
  ])
  expect(calls.find((line) => line.personId === soon)!.text.en).toMatch(
    /^(Kim|Lee): 1 short-notice call above fair share/,
  )
})
