import type postgres from 'postgres'

const PEOPLE = 5_000
const POSTS = 100
const LINES_OF_A_PERSON_A_DAY = 2

/**
 * A ledger of so many lines, made by the database in sets: people with numbers of 18 digits, some with names that begin
 * like a formula or hold quotes and rare characters, posts, and a shift for each post and day.
 */
export async function fillLedger(sql: postgres.Sql, rows: number): Promise<void> {
  const days = Math.ceil(rows / (PEOPLE * LINES_OF_A_PERSON_A_DAY))
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = '30min'`
    await tx`set local synchronous_commit = off`
    await tx`
      insert into units (id, path, kind, name, zone, locale, created_at, updated_at)
      select id, '/' || id || '/', 'city', '河谷市', 'Asia/Shanghai', 'zh', now(), now()
      from (select gen_random_uuid() as id) as root`
    await tx`
      insert into volunteers (id, unit_id, person_number, display_name, sort_name, person_class, locale, created_at, updated_at)
      select gen_random_uuid(), units.id, (330106199000000000 + n)::text,
        case when n % 97 = 0 then '=王' || n when n % 89 = 0 then '欧阳"' || n || '"' when n % 83 = 0 then '𬭎㙍' || n else '李明' || n end,
        'n' || lpad(n::text, 6, '0'), 'volunteer', 'zh', now(), now()
      from units, generate_series(1, ${PEOPLE}::int) n`
    await tx`
      insert into posts (id, unit_id, name, kind, created_at, updated_at)
      select gen_random_uuid(), units.id, '城东卡点' || n, 'checkpoint', now(), now()
      from units, generate_series(1, ${POSTS}::int) n`
    await tx`
      insert into cover_requirements (id, post_id, role, position, minimum, desired, maximum, created_at)
      select gen_random_uuid(), id, '值班员', 1, 1, 1, 1, now() from posts`
    await tx`
      insert into shifts (id, post_id, original_start, start_local, end_local, zone, local_day, starts_at, ends_at,
        nominal_minutes, created_at)
      select gen_random_uuid(), posts.id, to_char(day, 'YYYY-MM-DD"T"08:00'), to_char(day, 'YYYY-MM-DD"T"08:00'),
        to_char(day + interval '1 day', 'YYYY-MM-DD"T"08:00'), 'Asia/Shanghai', day::date,
        day at time zone 'UTC', (day + interval '1 day') at time zone 'UTC', 1440, now()
      from posts, generate_series(timestamp '2026-01-01', timestamp '2026-01-01' + ${days - 1}::int * interval '1 day',
        interval '1 day') day`
    await tx`
      insert into slots (id, shift_id, requirement_id, role, seat, mandatory)
      select gen_random_uuid(), shifts.id, cover_requirements.id, '值班员', 1, true
      from shifts join cover_requirements on cover_requirements.post_id = shifts.post_id`
    await tx`
      insert into rosters (id, unit_id, from_on, to_on, state, created_at, updated_at)
      select gen_random_uuid(), id, '2026-01-01', '2030-01-01', 'published', now(), now() from units`
    await tx`
      insert into assignments (id, roster_id, shift_id, slot_id, volunteer_id, state, starts_at, ends_at, source, created_at,
        updated_at)
      select gen_random_uuid(), rosters.id, shifts.id, slots.id, (select id from volunteers limit 1), 'cancelled',
        shifts.starts_at, shifts.ends_at, 'roster', now(), now()
      from rosters, shifts join slots on slots.shift_id = shifts.id`
    await tx`
      with people as (select id, unit_id, row_number() over (order by sort_name) - 1 as n from volunteers),
        duties as (select assignments.id, shifts.post_id, shifts.local_day, shifts.starts_at,
            row_number() over (partition by shifts.local_day order by shifts.id) - 1 as n
          from assignments join shifts on shifts.id = assignments.shift_id)
      insert into ledger (id, volunteer_id, unit_id, person_class, assignment_id, post_id, role, kind, local_day, zone,
        starts_at, ends_at, minutes, night_minutes, weekend_minutes, planned_minutes, entered_by, booked_at)
      select gen_random_uuid(), people.id, people.unit_id, 'volunteer', duties.id, duties.post_id, '值班员',
        case part when 1 then 'active' else 'handover' end, duties.local_day, 'Asia/Shanghai',
        duties.starts_at + part * interval '5 hours', duties.starts_at + part * interval '5 hours' + 287 * interval '1 minute',
        287, 31, 0, 1440, 'bench', now()
      from people join duties on duties.n = people.n % ${POSTS}::int, generate_series(1, ${LINES_OF_A_PERSON_A_DAY}::int) part
      limit ${rows}`
  })
  await sql`vacuum analyze`
}
