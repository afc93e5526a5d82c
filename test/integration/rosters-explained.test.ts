import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { type Answer, backends, startWorld, type World } from '../support/world.ts'

/** A town with two gates that has one chief a turn, of two it needs, and two staff, of four it would like. */
let world: World
let town: DutyTown
let roster: Answer['body']
let outcome: Answer['body']
let draft: Answer['body']
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z', backend: backends().at(-1) })
  town = await buildDutyTown(world, { name: 'Short town', chiefs: 1, staff: 2, reserve: 1 })
  roster = await town.makeRoster('2026-05-11', '2026-05-15')
  outcome = (await world.must('GET', `/v1/generation-runs/${roster.generationRun.id}`)).body.outcome
  draft = (await world.must('GET', `/v1/rosters/${roster.id}/draft`)).body
})
afterAll(() => world.close())

describe('a run that is short of people', () => {
  test('proves how much cover is impossible, and on which days', () => {
    expect(roster.counts).toEqual({ slots: 24, assigned: 12, openMandatory: 4, openDesired: 8 })
    const leads = outcome.conflicts.filter(
      ({ roles, days }: { roles: string[]; days: number[] }) => roles.join() === 'lead' && days.length === 1,
    )
    const days = ['2026-05-11', '2026-05-12', '2026-05-13', '2026-05-14']
    expect(leads.map((one: { text: { en: string } }) => one.text.en.split(' and only ')[0])).toEqual(
      days.map((day) => `${day}, lead: 2 seats`),
    )
    expect(leads[0]).toMatchObject({ seats: 2, people: 1, short: 1, slotIds: [expect.any(String), expect.any(String)] })
  })

  test('says that not one seat fewer could stay open', () => {
    expect(outcome.bound).toEqual({
      level: 'unmetMandatory',
      value: outcome.score.unmetMandatory,
      seats: { atLeast: 4, open: 4 },
      abovePercent: 0,
      text: {
        zh: '至少 4 个必备名额无法填满，现空缺 4 个：已证明为最优',
        en: 'At least 4 mandatory seats must stay open; 4 are: proved best',
      },
    })
  })

  test('names for each open seat who was ruled out, who came nearest and what would unlock it', () => {
    const open = [...draft.openMandatorySlotIds, ...draft.openDesiredSlotIds].sort()
    expect(outcome.reasons.map((one: { slotId: string }) => one.slotId).sort()).toEqual(open)
    const lead = outcome.reasons.find((one: { text: { en: string } }) =>
      /on 2026-05-11, lead is open/.test(one.text.en),
    )
    expect(draft.openMandatorySlotIds).toContain(lead.slotId)
    expect(lead).toMatchObject({ open: 1, need: 'mandatory', considered: 6, eligible: 0 })
    expect(lead.nearest).toHaveLength(3)
    const byRule = Object.fromEntries(
      lead.eliminated.map(({ rule, count }: { rule: string; count: number }) => [rule, count]),
    )
    expect(byRule).toEqual({ grade: 4, 'echelon-on-turn': 3, 'no-overlap': 1 })
    const [nearest] = lead.nearest
    expect(nearest.personId).toBe(town.shifts[1]!.chiefs[0])
    expect(nearest.failures.map((one: { rule: string }) => one.rule)).toEqual(['echelon-on-turn', 'minimum-rest'])
    expect(lead.unlocks[0]).toMatchObject({
      kind: 'waive',
      personId: nearest.personId,
      ruleIds: ['echelon-on-turn', 'minimum-rest'],
      text: {
        en: expect.stringMatching(/^Waive echelon-on-turn and minimum-rest by 24 h: Short town chief B 1 is in /),
        zh: expect.stringMatching(/^破例（echelon-on-turn、minimum-rest 放宽 24 h）：/),
      },
    })
    expect(lead.text.en).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
  })

  test('says of each line why this person', () => {
    const lead = draft.lines.find((one: { displayName: string }) => one.displayName === 'Short town chief A 1')
    expect(lead.why).toMatchObject({ kept: 'new', fitting: 1, free: 1, rank: 1 })
    expect(lead.why.text.en).toMatch(
      /^Short town chief A 1 \(chosen\): 1 person fit, the only one of them who was free; 2 shifts in this period \(48 h, /,
    )
  })

  test('tells what everybody carries beside the fair share, and how the search went', () => {
    const hours = outcome.justice.filter((one: { ruleId: string }) => one.ruleId === 'fair-hours')
    expect(hours).toHaveLength(6)
    expect(hours.map((one: { load: number }) => one.load)).toEqual(hours.map(() => 2 * 1440))
    expect(hours[0].text.en).toMatch(/^Short town .*48 h.*48 h/)
    expect(outcome.trace.at(-1).score).toEqual(outcome.score)
    expect(outcome.trace.map((one: { phase: string }) => one.phase)).toContain('construct')
  })
})

test('a rest that would have to give way is told in hours', async () => {
  const place = await buildDutyTown(world, { name: 'Tight town', posts: 1 })
  const { unitId } = place
  const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
  const porter = { unitId, displayName: 'The only porter', personClass: 'staff', grade: 'porter' }
  const { id: porterId } = await post('/v1/volunteers', porter)
  const requirements = [{ role: 'porter', minimum: 1, desired: 1, grades: ['porter'] }]
  const { id: postId } = await post('/v1/posts', { unitId, name: 'Back door', kind: 'checkpoint', requirements })
  for (const startTime of ['06:00', '18:00']) {
    const template = { postId, name: startTime, rule: 'FREQ=DAILY', startTime, length: 'PT6H' }
    await post('/v1/shift-templates', { ...template, effectiveFrom: '2026-01-01' })
  }
  const made = await place.makeRoster('2026-05-11', '2026-05-12')
  const { outcome: told } = (await world.must('GET', `/v1/generation-runs/${made.generationRun.id}`)).body
  expect(told.reasons).toHaveLength(1)
  const [reason] = told.reasons
  expect(reason.nearest[0]).toMatchObject({
    personId: porterId,
    failures: [{ rule: 'minimum-rest', observed: 360, limit: 720, unit: 'minutes' }],
  })
  expect(reason.unlocks[0]).toEqual({
    kind: 'waive',
    personId: porterId,
    ruleId: 'minimum-rest',
    amount: 360,
    unit: 'minutes',
    text: {
      en: 'Waive minimum-rest by 6 h: The only porter rests 6 h between Back door 2026-05-11 06:00 on 2026-05-11 and Back door 2026-05-11 18:00 on 2026-05-11; 12 h are owed',
      zh: '破例（minimum-rest 放宽 6 h）：The only porter 在 Back door 2026-05-11 06:00（2026-05-11）与 Back door 2026-05-11 18:00（2026-05-11）之间只休息 6 h，应不少于 12 h',
    },
  })
})

test('a run that is full says how far from the best possible it is at most', async () => {
  const full = await buildDutyTown(world, { name: 'Full town', posts: 1 })
  const made = await full.makeRoster('2026-05-11', '2026-05-18')
  const run = (await world.must('GET', `/v1/generation-runs/${made.generationRun.id}`)).body
  expect(run.outcome.bound).toMatchObject({ level: 'justice', text: { en: expect.stringMatching(/^Justice: /) } })
  expect(run.outcome.bound.value).toBeLessThanOrEqual(run.outcome.score.justice + 1e-3)
  // As runs were stored before bounds had words.
  const { sql } = world.house.database
  await sql`update generation_runs set outcome = jsonb_set(outcome, '{bound}', '{"level":"justice","value":0}')
    where id = ${run.id}`
  const old = (await world.must('GET', `/v1/generation-runs/${run.id}`)).body.outcome
  expect(old.bound).toMatchObject({ level: 'justice', value: 0, text: { zh: expect.stringMatching(/^公平：/) } })
  expect(old.bound.abovePercent).toBe(old.score.justice <= 1e-3 ? 0 : null)
})
