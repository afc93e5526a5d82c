import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import { markOf } from '../../src/modules/confirmations/confirmations.rules.ts'
import { hashSecret } from '../../src/platform/auth/secrets.ts'
import { newId } from '../../src/platform/db/ids.ts'

const SEATS = 10
const DAY_MS = 24 * 3_600_000

export interface AskedPerson {
  volunteerId: string
  assignmentId: string
  requestId: string
  /** Of the personal link to the question. */
  secret: string
  /** What the page shows of the duty, in short: its form sends it back. */
  mark: string
}

/**
 * A published roster that has just been asked about, made by the database in sets: so many people with one duty each,
 * ten at a post, an open question and a link to it. Duties begin in five days; there are no quiet hours.
 */
export async function fillAskedPeople(sql: postgres.Sql, count: number): Promise<AskedPerson[]> {
  const day = new Date(Math.floor((Date.now() + 5 * DAY_MS) / DAY_MS) * DAY_MS)
  const end = new Date(day.getTime() + DAY_MS)
  const local = (instant: Date) => `${instant.toISOString().slice(0, 10)}T08:00`
  const at = (instant: Date) => `${instant.toISOString().slice(0, 10)}T08:00:00Z`
  const duty = { startLocal: local(day), endLocal: local(end), zone: 'UTC', postAddress: null, role: 'guard' }
  const gate = (n: number) => `Gate ${String(Math.floor(n / SEATS)).padStart(6, '0')}`
  const people = Array.from({ length: count }, (_, n) => ({
    volunteerId: newId(),
    assignmentId: newId(),
    requestId: newId(),
    secret: createHash('sha256').update(`asked person ${n}`).digest('base64url'),
    mark: markOf({ ...duty, postName: gate(n) }),
  }))
  const column = (key: 'volunteerId' | 'assignmentId' | 'requestId') => people.map((one) => one[key])
  const policy = JSON.stringify({ quietFrom: null, quietTo: null, mergeMinutes: 0 })
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = '10min'`
    await tx`
      insert into units (id, path, kind, name, zone, locale, policy, created_at, updated_at)
      select id, '/' || id || '/', 'city', 'River city', 'UTC', 'en', ${policy}::text::jsonb, now(), now()
      from (select gen_random_uuid() as id) as root`
    await tx`
      create temp table asked on commit drop as
      select n - 1 as n, volunteer_id, assignment_id, request_id, token_hash
      from unnest(${column('volunteerId')}::uuid[], ${column('assignmentId')}::uuid[], ${column('requestId')}::uuid[],
        ${people.map((one) => hashSecret(one.secret))}::text[])
        with ordinality as given(volunteer_id, assignment_id, request_id, token_hash, n)`
    await tx`
      insert into volunteers (id, unit_id, display_name, sort_name, person_class, locale, created_at, updated_at)
      select volunteer_id, units.id, 'Person ' || n, lpad(n::text, 6, '0'), 'volunteer', 'en', now(), now()
      from units, asked`
    await tx`
      insert into posts (id, unit_id, name, kind, created_at, updated_at)
      select gen_random_uuid(), units.id, 'Gate ' || lpad(n::text, 6, '0'), 'checkpoint', now(), now()
      from units, generate_series(0, ${Math.ceil(count / SEATS) - 1}::int) n`
    await tx`
      insert into cover_requirements (id, post_id, role, position, minimum, desired, maximum, created_at)
      select gen_random_uuid(), id, 'guard', 1, ${SEATS}::int, ${SEATS}::int, ${SEATS}::int, now() from posts`
    await tx`
      insert into shifts (id, post_id, original_start, start_local, end_local, zone, local_day, starts_at, ends_at,
        nominal_minutes, created_at)
      select gen_random_uuid(), id, ${local(day)}, ${local(day)}, ${local(end)}, 'UTC', ${local(day).slice(0, 10)}::text::date,
        ${at(day)}::text::timestamptz, ${at(end)}::text::timestamptz, 1440, now() from posts`
    await tx`
      insert into slots (id, shift_id, requirement_id, role, seat, mandatory)
      select gen_random_uuid(), shifts.id, cover_requirements.id, 'guard', seat, true
      from shifts join cover_requirements on cover_requirements.post_id = shifts.post_id,
        generate_series(1, ${SEATS}::int) seat`
    await tx`
      insert into rosters (id, unit_id, from_on, to_on, state, published_version, published_at, created_at, updated_at)
      select gen_random_uuid(), id, current_date, current_date + 30, 'published', 1, now(), now(), now() from units`
    await tx`
      with seats as (
        select slots.id, slots.shift_id, shifts.starts_at, shifts.ends_at,
          row_number() over (order by posts.name, slots.seat) - 1 as n
        from slots join shifts on shifts.id = slots.shift_id join posts on posts.id = shifts.post_id)
      insert into assignments (id, roster_id, shift_id, slot_id, volunteer_id, state, starts_at, ends_at, source,
        created_at, updated_at)
      select assignment_id, rosters.id, seats.shift_id, seats.id, volunteer_id, 'pending', starts_at, ends_at, 'roster',
        now(), now()
      from rosters, asked join seats using (n)`
    await tx`
      insert into confirmation_requests (id, roster_id, version_number, volunteer_id, confirm_by, created_at)
      select request_id, rosters.id, 1, volunteer_id, now() + interval '2 days', now() from rosters, asked`
    await tx`
      insert into confirmation_items (request_id, assignment_id) select request_id, assignment_id from asked`
    await tx`
      insert into links (id, token_hash, purpose, subject_id, volunteer_id, created_at, expires_at)
      select gen_random_uuid(), token_hash, 'confirmation', request_id, volunteer_id, now(), now() + interval '6 days'
      from asked`
  })
  await sql`analyze`
  return people
}

/** Addresses that mail can go to, one for each person. */
export const giveAddresses = (sql: postgres.Sql) => sql`
  insert into contact_points (id, volunteer_id, channel, address, position)
  select gen_random_uuid(), id, 'email', 'p' || sort_name || '@example.org', 1 from volunteers`

/** Messages that wait to go out, written in sets: the question to everybody whose duty is still open. */
export async function writeQuestions(sql: postgres.Sql, most: number, dueAt = new Date()): Promise<void> {
  const due = dueAt.toISOString()
  await sql`
    with written as (
      insert into messages (id, volunteer_id, template, subject_id, purpose, state, created_at, send_after)
      select gen_random_uuid(), requests.volunteer_id, 'confirmation-request', requests.id,
        'confirmation-request:' || requests.id, 'queued', now(), ${due}::text::timestamptz
      from confirmation_requests requests
        join confirmation_items items on items.request_id = requests.id
        join assignments on assignments.id = items.assignment_id and assignments.state = 'pending'
      limit ${most}::int
      returning id)
    insert into tasks (id, name, key, queue, payload, due_at, created_at)
    select gen_random_uuid(), 'notifications.deliver-message', id, 'tasks', jsonb_build_object('messageId', id),
      ${due}::text::timestamptz, now()
    from written`
}
