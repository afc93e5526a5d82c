import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/db/ids.ts'
import { CHECKS } from '../../src/platform/doctor/checks.ts'
import { examine, type Finding } from '../../src/platform/doctor/examine.ts'
import { WATCH_CHECKS } from '../../src/platform/doctor/watch.checks.ts'
import { duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
const ids = { pending: '', confirmed: '', serving: '', completed: '', line: '', reversal: '', roster: '', person: '' }

// A little of everything: asked, confirmed, on duty, done, corrected, missing.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-04T00:00:00Z' })
  const at = duties(world)
  const { id: postId } = await at.post()
  const duty = async (start: string, state: 'pending' | 'confirmed' = 'confirmed') =>
    at.duty({ volunteerId: (await at.person()).id, postId, start, state })
  const act = (id: string, verb: string) => world.must('POST', `/v1/assignments/${id}:${verb}`, {})
  const completed = await duty('2026-05-04T09:00')
  const serving = await duty('2026-05-04T09:00')
  await duty('2026-05-04T09:00')
  const confirmed = await duty('2026-05-20T09:00')
  const pending = await duty('2026-05-20T09:00', 'pending')
  await act(completed.id, 'check-in')
  await world.advanceTo('2026-05-04T01:05:00Z')
  await act(serving.id, 'check-in')
  await world.advanceTo('2026-05-04T09:00:00Z')
  await act(completed.id, 'check-out')
  const [line] = (await world.must('GET', `/v1/ledger?volunteerId=${completed.volunteerId}`)).body.items
  const body = { startsAt: '2026-05-04T01:00:00Z', endsAt: '2026-05-04T08:00:00Z', reason: 'left early' }
  const asked = (await world.must('POST', `/v1/ledger/${line.id}:correct`, body)).body
  const key = await world.makeKey(world.root.id, 'organizer')
  const approve = `/v1/ledger-corrections/${asked.id}:approve`
  const corrected = (await world.must('POST', approve, undefined, { key })).body
  Object.assign(ids, {
    pending: pending.id,
    confirmed: confirmed.id,
    serving: serving.id,
    completed: completed.id,
    line: line.id,
    reversal: corrected.reversal.id,
    roster: pending.rosterId,
    person: pending.volunteerId,
  })
  await world.settled()
  // Whether the person was asked is a matter of other modules; here it is a fact.
  await world.house.database.sql.begin(async (tx) => {
    const [asked] = await tx`select 1 from confirmation_items where assignment_id = ${pending.id}`
    if (asked) return
    const requestId = newId()
    await tx`insert into confirmation_requests (id, roster_id, version_number, volunteer_id, confirm_by, created_at)
      values (${requestId}, ${ids.roster}, 1, ${ids.person}, '2026-05-19T00:00Z', '2026-05-04T00:00Z')`
    await tx`insert into confirmation_items (request_id, assignment_id) values (${requestId}, ${pending.id})`
  })
})
afterAll(() => world.close())

type Tx = postgres.TransactionSql
type Damage = (tx: Tx) => Promise<unknown>

const FUTURE = '2026-05-20T00:00Z'
const newGap = async (tx: Tx, state: string, filledBy: string | null = null) => {
  const id = newId()
  await tx`insert into gaps (id, roster_id, slot_id, cause, state, filled_by_id, opened_at, closed_at)
    select ${id}, roster_id, slot_id, 'declined', ${state}, ${filledBy}, '2026-05-04T00:00Z', '2026-05-04T00:01Z'
    from assignments where id = ${ids.confirmed}`
  return id
}
const newCascade = async (tx: Tx, gapId: string) => {
  const id = newId()
  await tx`insert into cascades (id, gap_id, state, created_at) values (${id}, ${gapId}, 'open', '2026-05-04T00:00Z')`
  return id
}
/** A closed period of one line, which has this number, and of which the close tells so many minutes too many. */
const newPeriod = async (tx: Tx, lineNo: number, tooMany: number) => {
  const id = newId()
  await tx`insert into hours_periods (id, unit_id, from_on, to_on, version, created_at, updated_at)
    values (${id}, ${world.root.id}, '2026-05-01', '2026-05-08', 1, ${FUTURE}, ${FUTURE})`
  await tx`insert into period_lines (unit_id, ledger_id, period_id, version, line_no, adjusting, person_name, unit_name, post_name)
    values (${world.root.id}, ${ids.line}, ${id}, 1, ${lineNo}, false, 'x', 'x', 'x')`
  await tx`insert into hours_closes (id, period_id, version, closed_at, closed_by, lines, adjusting, minutes, credited_minutes)
    select ${newId()}, ${id}, 1, ${FUTURE}, 'x', 1, 0, minutes + ${tooMany}::int, 0 from ledger where id = ${ids.line}`
}
const audit = (tx: Tx, from: string | null, to: string) => tx`
  insert into audit_log (id, at, actor_kind, actor_id, door, action, subject_type, subject_id, from_state, to_state)
  values (${newId()}, '2026-05-04T00:30Z', 'worker', 'x', 'worker', 'assignment.x', 'assignment', ${ids.confirmed}, ${from}, ${to})`

/** For each check, what breaks its promise when the database is made to look away. */
const DAMAGE: Record<string, Damage> = {
  'assignments-apart': async (tx) => {
    await tx`alter table assignments drop constraint assignments_nobody_at_two_posts`
    await tx`update assignments set volunteer_id = ${ids.person} where id = ${ids.confirmed}`
  },
  'one-holder-per-slot': async (tx) => {
    await tx`drop index assignments_one_live_per_slot`
    await tx`update assignments set slot_id = (select slot_id from assignments where id = ${ids.pending}) where id = ${ids.confirmed}`
  },
  'assignments-follow-shifts': (tx) =>
    tx`update assignments set ends_at = ends_at + interval '1 hour' where id = ${ids.confirmed}`,
  'pending-are-asked': (tx) => tx`delete from confirmation_items where assignment_id = ${ids.pending}`,
  'confirmed-are-followed': (tx) =>
    tx`update confirmation_items set follow_up_due = true where assignment_id = ${ids.pending}`,
  'attendance-follows-assignments': (tx) => tx`delete from attendances where assignment_id = ${ids.serving}`,
  'gaps-are-worked-on': (tx) => newGap(tx, 'open'),
  'offers-end': async (tx) => {
    const gapId = await newGap(tx, 'open')
    await tx`insert into offers (id, cascade_id, gap_id, slot_id, volunteer_id, wave, rank, state, asked_at, expires_at)
      select ${newId()}, ${await newCascade(tx, gapId)}, ${gapId}, slot_id, volunteer_id, 1, 1, 'open', '2026-05-04T00:00Z', '2026-05-04T00:10Z'
      from assignments where id = ${ids.confirmed}`
  },
  'filled-gaps-hold': (tx) => newGap(tx, 'filled', ids.pending),
  'reports-are-watched': async (tx) => {
    const [obligationId, unitId] = [newId(), newId()]
    await tx`insert into report_obligations (id, unit_id, name, rule, due_time, zone, effective_from, reporters, receivers, schema, created_at, updated_at)
      values (${obligationId}, ${unitId}, '{}', 'FREQ=DAILY', '08:00', 'UTC', '2026-05-01', '[]', '[]', '{}', ${FUTURE}, ${FUTURE})`
    await tx`insert into duty_reports (id, obligation_id, unit_id, due_local, local_day, due_at, created_at)
      values (${newId()}, ${obligationId}, ${unitId}, '2026-05-04T00:00', '2026-05-04', '2026-05-04T00:00Z', '2026-05-03T00:00Z')`
  },
  'campaign-items-in-live-hands': async (tx) => {
    const [campaignId, taskId] = [newId(), newId()]
    await tx`insert into campaigns (id, unit_id, name, kind, state, created_at, updated_at)
      values (${campaignId}, ${newId()}, 'x', 'x', 'running', ${FUTURE}, ${FUTURE})`
    await tx`insert into campaign_tasks (id, campaign_id, volunteer_id, state, asked_at)
      values (${taskId}, ${campaignId}, ${ids.person}, 'declined', ${FUTURE})`
    await tx`insert into campaign_entries (id, campaign_id, item_id, round_id, task_id, created_at)
      values (${newId()}, ${campaignId}, ${newId()}, ${newId()}, ${taskId}, ${FUTURE})`
  },
  'completed-are-booked': (tx) => tx`delete from ledger where assignment_id = ${ids.completed}`,
  'segments-fill-presences': (tx) => tx`update attendances set checked_out_at = checked_out_at + interval '1 minute'`,
  'ledger-matches-segments': (tx) => tx`update segments set ends_at = ends_at + interval '1 minute'`,
  'ledger-adds-up': (tx) => tx`update ledger_corrections set ends_at = ends_at + interval '1 minute'`,
  'corrections-balance': (tx) => tx`update ledger set minutes = minutes + 1 where id = ${ids.reversal}`,
  'closed-lines-are-numbered': (tx) => newPeriod(tx, 2, 0),
  'every-step-is-audited-once': (tx) => audit(tx, 'confirmed', 'confirmed'),
  'audit-leads-to-the-present': (tx) => tx`update assignments set state = 'withdrawn' where id = ${ids.confirmed}`,
  'no-dead-tasks': (tx) => tx`
    insert into tasks (id, name, key, queue, payload, due_at, state, created_at)
    values (${newId()}, 'x', 'x', 'tasks', '{}', ${FUTURE}, 'dead', ${FUTURE})`,
  'no-stuck-tasks': (tx) => tx`
    insert into tasks (id, name, key, queue, payload, due_at, state, created_at, locked_until)
    values (${newId()}, 'x', 'x', 'tasks', '{}', ${FUTURE}, 'running', ${FUTURE}, '2026-05-04T08:50Z')`,
  'append-only-is-guarded': (tx) => tx`alter table ledger disable trigger ledger_append_only`,
  'promises-are-kept-by-the-database': (tx) => tx`drop index offers_one_winner_per_gap`,
  // The database's clock is that of another schema.
  'clocks-agree': async (tx) => {
    await tx`create schema elsewhere`
    await tx`create function elsewhere.clock_timestamp() returns timestamptz language sql
      as $$ select pg_catalog.clock_timestamp() + interval '3 seconds' $$`
    await tx`set local search_path = elsewhere, public, pg_catalog`
  },
  'schema-is-current': (tx) =>
    tx`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
}

class Undo extends Error {}

/** What is found after the damage; the damage itself is undone. */
async function findingsAfter(damage: Damage): Promise<Finding[]> {
  let findings: Finding[] = []
  await world.house.database.sql
    .begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await damage(tx)
      findings = await examine(tx, world.clock.now())
      throw new Undo()
    })
    .catch((error) => {
      if (!(error instanceof Undo)) throw error
    })
  return findings
}

test('a healthy database has no findings', async () => {
  expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])
})

test('every check has a damage to prove that it can fail', () => {
  expect(Object.keys(DAMAGE).sort()).toEqual(CHECKS.map((check) => check.name).sort())
})

describe('damage is found, counted and named', () => {
  test.each(Object.keys(DAMAGE))('%s', async (name) => {
    const findings = await findingsAfter(DAMAGE[name]!)
    const found = findings.find((finding) => finding.check === name)
    expect(found, JSON.stringify(findings)).toBeDefined()
    expect(found!.count).toBeGreaterThan(0)
    expect(found!.sample.length).toBeGreaterThan(0)
  })
})

test.each([
  ['a row told twice', (tx: Tx) => audit(tx, 'confirmed', 'confirmed'), 'every-step-is-audited-once'],
  ['a row that starts nowhere', (tx: Tx) => audit(tx, 'pending', 'confirmed'), 'audit-leads-to-the-present'],
  [
    'a row lost',
    (tx: Tx) => tx`delete from audit_log where subject_id = ${ids.serving} and to_state = 'serving'`,
    'audit-leads-to-the-present',
  ],
  [
    'a correction that stands alone',
    (tx: Tx) => tx`delete from ledger where id = ${ids.reversal}`,
    'corrections-balance',
  ],
  ['a close that holds less than it says', (tx: Tx) => newPeriod(tx, 1, 30), 'closed-lines-are-numbered'],
  ['a filled gap without a name', (tx: Tx) => newGap(tx, 'filled'), 'filled-gaps-hold'],
])('%s is found too', async (_name, damage, check) => {
  expect((await findingsAfter(damage)).map((finding) => finding.check)).toContain(check)
})

test('a period closed as it should be is fine', async () => {
  const findings = await findingsAfter((tx) => newPeriod(tx, 1, 0))
  expect(findings.map((finding) => finding.check)).not.toContain('closed-lines-are-numbered')
})

test('an offer past its expiry is fine while a task waits to close it', async () => {
  const findings = await findingsAfter(async (tx) => {
    await DAMAGE['offers-end']!(tx)
    await tx`insert into tasks (id, name, key, queue, payload, due_at, state, created_at)
      select ${newId()}, 'gap-filling.expire-wave', 'x', 'tasks', jsonb_build_object('cascadeId', cascade_id), ${FUTURE}, 'waiting', ${FUTURE}
      from offers where state = 'open' and expires_at = '2026-05-04T00:10Z'`
  })
  expect(findings.map((finding) => finding.check)).not.toContain('offers-end')
})

describe('the command', () => {
  const doctor = (databaseUrl: string) =>
    promisify(execFile)(process.execPath, ['src/commands/doctor.ts'], {
      env: { ...process.env, DATABASE_URL: databaseUrl },
    })
  const urlOf = () => world.house.databaseUrl

  test('names every check and ends with 0 when all is well', async () => {
    // The command acts by the clock of the machine, by which all that waits here is late.
    await world.house.database.sql`update tasks set due_at = '2100-01-01T00:00Z' where state = 'waiting'`
    const { stdout } = await doctor(urlOf())
    const checks = [...CHECKS, ...WATCH_CHECKS]
    for (const check of checks) expect(stdout).toContain(`ok     ${check.name}`)
    expect(stdout).toContain(`${checks.length} checks, 0 broken.`)
  })

  test('ends with 1 and says what is broken, and where it cannot look', async () => {
    const taskId = newId()
    await world.house.database.sql`
      insert into tasks (id, name, key, queue, payload, due_at, state, created_at)
      values (${taskId}, 'x', 'x', 'tasks', '{}', ${FUTURE}, 'dead', ${FUTURE})`
    await expect(doctor(urlOf())).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(taskId) })
    const elsewhere = new URL(urlOf())
    elsewhere.pathname = '/nowhere'
    await expect(doctor(elsewhere.href)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot look'),
    })
  })
})
