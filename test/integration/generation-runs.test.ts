import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  town = await buildDutyTown(world)
})
afterAll(() => world.close())

const ask = (body: object, key: string) =>
  world.call('POST', '/v1/rosters', body, { headers: { 'idempotency-key': key } })
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)![1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!),
    }))

/** Nobody wants to serve, so that no roster is without wishes unmet: the search never knows that it is done. */
async function tire(where: World, place: DutyTown, startLocal: string): Promise<void> {
  for (const volunteerId of place.shifts.flatMap(({ chiefs, staff }) => [...chiefs, ...staff])) {
    const dislike = { kind: 'undesired', startLocal, length: 'P30D' }
    await where.must('POST', `/v1/volunteers/${volunteerId}/availabilities`, dislike)
  }
}

describe('a run', () => {
  test('can be followed to its end as a stream of events, and the stream ends by itself', async () => {
    const asked = await ask({ unitId: town.unitId, from: '2026-09-07', to: '2026-09-14', budgetMs: 1200 }, 'follow')
    const id = asked.body.generationRun.id
    const stream = await fetch(new URL(`/v1/generation-runs/${id}/events`, world.url), {
      headers: { authorization: `Bearer ${world.root.key}` },
    })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const events = eventsOf(await stream.text())
    expect(events.length).toBeGreaterThanOrEqual(2)
    expect(events.at(-1)).toMatchObject({ event: 'finished', data: { id, state: 'done' } })
    expect(events.slice(0, -1).every((one) => one.event === 'progress')).toBe(true)
  })

  test('can be stopped while it works, and keeps the best roster it has', async () => {
    const tired = await buildDutyTown(world, { name: 'Tired town' })
    await tire(world, tired, '2026-10-01T00:00')
    const asked = await ask({ unitId: tired.unitId, from: '2026-10-05', to: '2026-10-19', budgetMs: 600_000 }, 'stop')
    const id = asked.body.generationRun.id
    const read = async () => (await world.must('GET', `/v1/generation-runs/${id}`)).body
    await expect.poll(async () => (await read()).progress?.phase, { timeout: 30_000 }).toBe('improve')
    expect((await world.must('POST', `/v1/generation-runs/${id}:cancel`)).status).toBe(202)
    const run = await tired.finished(id)
    expect(run).toMatchObject({ state: 'cancelled', outcome: { stopped: 'aborted', score: { hard: 0 } } })
    expect(run.outcome.engineMs).toBeLessThan(300_000)
    const roster = (await world.must('GET', `/v1/rosters/${asked.body.id}`)).body
    expect(roster).toMatchObject({ state: 'draft', counts: { slots: 84, assigned: 84, openMandatory: 0 } })
    expect(roster.score).toEqual(run.outcome.score)
    const over = await world.call('POST', `/v1/generation-runs/${id}:cancel`)
    expect([over.status, over.body.code]).toEqual([409, 'generation-run-over'])
  })

  test('goes on while its progress cannot be written down', async () => {
    await using shaky = await startWorld({ now: '2026-05-07T02:00:00Z', settings: { ENGINE_BUDGET_MS: '2000' } })
    const place = await buildDutyTown(shaky, { posts: 1 })
    await tire(shaky, place, '2026-05-01T00:00')
    const { sql } = shaky.house.database
    await sql.unsafe(`
      create sequence progress_tried;
      create function refuse_progress() returns trigger language plpgsql as $$ begin
        if nextval('progress_tried') <= 3 then raise exception 'the database is away'; end if;
        return new;
      end $$;
      create trigger refuse_progress before update of progress on generation_runs
        for each row execute function refuse_progress()`)
    const roster = await place.makeRoster('2026-05-11', '2026-05-25')
    const [tried] = await sql<{ times: number }[]>`select last_value::int as times from progress_tried`
    expect(tried!.times).toBeGreaterThan(3)
    expect(roster).toMatchObject({ counts: { openMandatory: 0 }, generationRun: { progress: { score: { hard: 0 } } } })
    const starts = await sql`select 1 from audit_log where action = 'generation-run.started'`
    const tasks = await sql<{ attempts: number }[]>`select attempts from tasks where name = 'rosters.generate'`
    expect([starts.length, tasks.map((task) => task.attempts)]).toEqual([1, [1]])
  })

  test('uses the threads of the setting, and one where steps are counted', async () => {
    await using broad = await startWorld({ now: '2026-05-07T02:00:00Z', settings: { ENGINE_THREADS: '2' } })
    const place = await buildDutyTown(broad, { posts: 1 })
    let threads = 0
    const count = () => threads++
    process.on('worker', count)
    try {
      const timed = await place.makeRoster('2026-05-11', '2026-05-18')
      expect([threads, timed.counts.openMandatory, timed.score.hard]).toEqual([2, 0, 0])
      await place.makeRoster('2026-05-18', '2026-05-25', { iterations: 500 })
      expect(threads).toBe(3)
    } finally {
      process.off('worker', count)
    }
  })

  test('refuses edits, another run and publication while it is under way', async () => {
    await using quiet = await startWorld({ now: '2026-05-07T02:00:00Z', worker: false })
    const place = await buildDutyTown(quiet, { posts: 1 })
    const asked = await quiet.must(
      'POST',
      '/v1/rosters',
      { unitId: place.unitId, from: '2026-05-11', to: '2026-05-12' },
      { headers: { 'idempotency-key': 'k' } },
    )
    const url = `/v1/rosters/${asked.body.id}`
    const headers = { 'if-match': asked.headers.get('etag')! }
    const refused = [
      await quiet.call('POST', `${url}:regenerate`, {}),
      await quiet.call('POST', `${url}:publish`, {}, { headers }),
      await quiet.call('POST', `${url}:discard`),
    ]
    expect(refused.map((answer) => answer.body.code)).toEqual(Array.from({ length: 3 }, () => 'roster-generating'))

    const cancelled = await quiet.must('POST', `/v1/generation-runs/${asked.body.generationRun.id}:cancel`)
    expect(cancelled.body.state).toBe('cancelled')
    expect((await quiet.must('GET', url)).body.state).toBe('draft')
    // The task is called off as well: whoever runs it now finds nothing to do.
    const { rosters } = quiet.house.services
    await rosters.generate(asked.body.generationRun.id, { signal: new AbortController().signal, attempt: 1 })
    expect((await quiet.must('GET', `/v1/generation-runs/${asked.body.generationRun.id}`)).body.state).toBe('cancelled')
  })

  test('is taken up again after its worker died, and one that is stopped with its process is not lost', async () => {
    await using quiet = await startWorld({ now: '2026-05-07T02:00:00Z', worker: false })
    const place = await buildDutyTown(quiet, { posts: 1 })
    const asked = await quiet.must(
      'POST',
      '/v1/rosters',
      { unitId: place.unitId, from: '2026-05-11', to: '2026-05-13' },
      { headers: { 'idempotency-key': 'k' } },
    )
    const runId = asked.body.generationRun.id
    const { rosters } = quiet.house.services
    const stopping = new AbortController()
    stopping.abort(new Error('the process stops'))
    await expect(rosters.generate(runId, { signal: stopping.signal, attempt: 1 })).rejects.toThrow('the process stops')
    expect((await quiet.must('GET', `/v1/generation-runs/${runId}`)).body.state).toBe('running')

    await rosters.generate(runId, { signal: new AbortController().signal, attempt: 2 })
    const after = (await quiet.must('GET', `/v1/rosters/${asked.body.id}`)).body
    expect(after).toMatchObject({ state: 'draft', counts: { openMandatory: 0 }, generationRun: { state: 'done' } })
    await rosters.generate(runId, { signal: new AbortController().signal, attempt: 3 })
    expect((await quiet.must('GET', `/v1/rosters/${asked.body.id}`)).body.version).toBe(after.version)
  })

  test('that cannot be done fails with its reason, and gives the days free', async () => {
    await using quiet = await startWorld({ now: '2026-05-07T02:00:00Z', worker: false })
    const place = await buildDutyTown(quiet, { posts: 1 })
    const asked = await quiet.must(
      'POST',
      '/v1/rosters',
      { unitId: place.unitId, from: '2026-05-11', to: '2026-05-13' },
      { headers: { 'idempotency-key': 'k' } },
    )
    const runId = asked.body.generationRun.id
    await quiet.house.database.sql`update shift_templates set rule = 'FREQ=NEVER'`
    const { rosters } = quiet.house.services
    const { signal } = new AbortController()
    await expect(rosters.generate(runId, { signal, attempt: 1 })).rejects.toThrow('FREQ')
    expect((await quiet.must('GET', `/v1/generation-runs/${runId}`)).body.state).toBe('queued')
    await expect(rosters.generate(runId, { signal, attempt: 5 })).rejects.toThrow('FREQ')
    const run = (await quiet.must('GET', `/v1/generation-runs/${runId}`)).body
    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('FREQ') })
    expect((await quiet.must('GET', `/v1/rosters/${asked.body.id}`)).body.state).toBe('failed')
  })
})
