/** One promise of the design and the query that finds whatever breaks it. */
export interface Check {
  /** kebab-case, fixed: what a report names. */
  name: string
  promise: string
  /**
   * Answers with one `id` for each thing that is wrong. `(select now from moment)` is the present instant,
   * `(select machine from moment)` the same by the clock of this machine, though a pushed one be elsewhere, and
   * `(select schema from moment)` the newest migration of this program.
   */
  offenders: string
}

const LIVE = `('pending', 'confirmed', 'serving', 'completed')`
const NOW = '(select now from moment)'
/** Every guarantee runs at least this often, so what is older was forgotten. */
const LATE = `${NOW} - interval '2 minutes'`

const seats: Check[] = [
  {
    name: 'assignments-apart',
    promise: 'nobody has two live assignments that overlap',
    offenders: `
      select a.id from assignments a join assignments b on b.volunteer_id = a.volunteer_id and b.id > a.id
        and tstzrange(b.starts_at, b.ends_at) && tstzrange(a.starts_at, a.ends_at)
      where a.state in ${LIVE} and b.state in ${LIVE}`,
  },
  {
    name: 'one-holder-per-slot',
    promise: 'a slot has at most one live assignment',
    offenders: `select slot_id as id from assignments where state in ${LIVE} group by slot_id having count(*) > 1`,
  },
  {
    name: 'assignments-follow-shifts',
    promise: "a live assignment has its shift's instants, and its slot belongs to that shift",
    offenders: `
      select a.id from assignments a join shifts s on s.id = a.shift_id join slots t on t.id = a.slot_id
      where a.state in ${LIVE} and (a.starts_at <> s.starts_at or a.ends_at <> s.ends_at or t.shift_id <> a.shift_id)`,
  },
  {
    name: 'pending-are-asked',
    promise: 'everybody whose answer is awaited was asked',
    offenders: `
      select a.id from assignments a join rosters r on r.id = a.roster_id
      where a.state = 'pending' and r.state = 'published'
        and not exists (select from confirmation_items i where i.assignment_id = a.id)
        and not exists (select from tasks t where t.state in ('waiting', 'running')
          and t.name like 'confirmations.%' and t.payload->>'assignmentId' = a.id::text)`,
  },
  {
    name: 'confirmed-are-followed',
    promise: 'what follows from a confirmation has been done, or is about to be',
    offenders: `
      select i.assignment_id as id from confirmation_items i
      where i.follow_up_due and not exists (select from tasks t where t.state in ('waiting', 'running')
        and t.name = 'confirmations.follow-up' and t.payload->'assignmentIds' ? i.assignment_id::text)`,
  },
  {
    name: 'attendance-follows-assignments',
    promise: 'who serves has come and not gone, who has completed has gone, and nobody else is there but by correction',
    offenders: `
      select a.id from assignments a left join attendances p on p.assignment_id = a.id and p.voided_by_id is null
      where (a.state = 'serving' and (p.id is null or p.checked_out_at is not null))
        or (a.state = 'completed' and p.checked_out_at is null)
        or (a.state not in ('serving', 'completed', 'excused') and p.id is not null)`,
  },
  {
    name: 'segments-fill-presences',
    promise: 'the segments that count fill a presence that is over, minute by minute',
    offenders: `
      select p.id from attendances p left join segments g on g.attendance_id = p.id and g.superseded_by_id is null
      where p.checked_out_at is not null and p.voided_by_id is null
      group by p.id
      having min(g.starts_at) is distinct from p.checked_in_at or max(g.ends_at) is distinct from p.checked_out_at
        or sum(g.ends_at - g.starts_at) is distinct from p.checked_out_at - p.checked_in_at`,
  },
]

const gaps: Check[] = [
  {
    name: 'gaps-are-worked-on',
    promise:
      'an open gap has a search that runs, or one that ended without finding anybody, or people are called out for it',
    offenders: `
      select g.id from gaps g where g.state = 'open' and not exists (
        select from cascades c where c.gap_id = g.id and c.state in ('open', 'exhausted', 'cancelled'))
      and not exists (select from call_outs o where o.roster_id = g.roster_id and o.state = 'open')`,
  },
  {
    name: 'offers-end',
    promise: 'no offer stays open after its expiry without a task that will close it',
    offenders: `
      select o.id from offers o where o.state = 'open' and o.expires_at < ${LATE} and not exists (
        select from tasks t where t.state in ('waiting', 'running') and t.name like 'gap-filling.%'
          and t.payload->>'cascadeId' = o.cascade_id::text)`,
  },
  {
    name: 'filled-gaps-hold',
    promise: 'a filled gap names who took its seat; if they left it before the shift, a newer gap says so',
    offenders: `
      select g.id from gaps g left join assignments a on a.id = g.filled_by_id
      where g.state = 'filled' and (a.id is null or a.slot_id <> g.slot_id
        or (a.state not in ${LIVE} and a.starts_at > ${NOW}
          and not exists (select from assignments b where b.slot_id = g.slot_id and b.state in ${LIVE})
          and not exists (select from gaps n where n.slot_id = g.slot_id and n.id <> g.id and n.opened_at >= g.closed_at)))`,
  },
]

const work: Check[] = [
  {
    name: 'reports-are-watched',
    promise: 'a report whose deadline is over was filed, or is late or missing',
    offenders: `
      select r.id from duty_reports r join report_obligations o on o.id = r.obligation_id
      where (r.state = 'due' and r.due_at < ${LATE})
        or (r.state = 'late' and r.due_at + o.missing_after_minutes * interval '1 minute' < ${LATE})`,
  },
  {
    name: 'campaign-items-in-live-hands',
    promise: 'what is left to do of a running campaign is with somebody who takes part, or with nobody',
    offenders: `
      select e.id from campaign_entries e join campaigns c on c.id = e.campaign_id join campaign_tasks t on t.id = e.task_id
      where c.state = 'running' and e.state in ('open', 'not_reached', 'problem') and t.state in ('declined', 'released')`,
  },
]

const hours: Check[] = [
  {
    name: 'completed-are-booked',
    promise: 'every completed assignment has a line in the ledger',
    offenders: `
      select a.id from assignments a
      where a.state = 'completed' and not exists (select from ledger l where l.assignment_id = a.id)`,
  },
  {
    name: 'ledger-matches-segments',
    promise: 'the lines booked from the segments of an assignment add up to those segments',
    offenders: `
      select coalesce(s.assignment_id, l.assignment_id) as id
      from (select p.assignment_id, sum(floor(extract(epoch from g.ends_at - g.starts_at) / 60))::bigint as minutes
            from segments g join attendances p on p.id = g.attendance_id group by p.assignment_id) s
      full join (select assignment_id, sum(minutes)::bigint as minutes from ledger
                 where segment_id is not null and reverses_id is null group by assignment_id) l
        on l.assignment_id = s.assignment_id
      where s.minutes is distinct from l.minutes`,
  },
  {
    name: 'ledger-adds-up',
    promise:
      'of every assignment the ledger has the minutes of the segments that count, and what corrections by hand of these have changed',
    offenders: `
      with recursive by_hand as (
        select c.id, floor(extract(epoch from c.ends_at - c.starts_at) / 60)::bigint - l.minutes as changed,
            l.segment_id, l.corrects_id
          from ledger_corrections c join ledger l on l.id = c.line_id where c.state = 'approved'
        union all
        select h.id, h.changed, l.segment_id, l.corrects_id
          from by_hand h join ledger l on l.id = h.corrects_id where h.segment_id is null),
      facts as (
        select p.assignment_id, floor(extract(epoch from g.ends_at - g.starts_at) / 60)::bigint as minutes
          from segments g join attendances p on p.id = g.attendance_id where g.superseded_by_id is null
        union all
        select p.assignment_id, h.changed
          from by_hand h join segments g on g.id = h.segment_id and g.superseded_by_id is null
          join attendances p on p.id = g.attendance_id
        union all
        select assignment_id, -minutes from ledger)
      select assignment_id as id from facts group by assignment_id having sum(minutes) <> 0`,
  },
  {
    name: 'corrections-balance',
    promise:
      'a line that takes another back is its exact opposite, and what stands for a line follows its being taken back',
    offenders: `
      select r.id from ledger r join ledger l on l.id = r.reverses_id
      where (r.minutes, r.night_minutes, r.weekend_minutes, r.planned_minutes)
          <> (-l.minutes, -l.night_minutes, -l.weekend_minutes, -l.planned_minutes)
        or (r.volunteer_id, r.unit_id, r.person_class, r.assignment_id, r.post_id, r.local_day)
          <> (l.volunteer_id, l.unit_id, l.person_class, l.assignment_id, l.post_id, l.local_day)
        or l.reverses_id is not null
      union all
      select b.id from ledger b join ledger l on l.id = b.corrects_id
      where b.assignment_id <> l.assignment_id or not exists (select from ledger r where r.reverses_id = l.id)
      union all
      select id from ledger where reverses_id is null and segment_id is null and corrects_id is null`,
  },
  {
    name: 'closed-lines-are-numbered',
    promise: 'the lines of a closed period are numbered from 1 without a hole, and each close holds what it says',
    offenders: `
      select p.id from hours_periods p
      where (select count(*) from period_lines n where n.period_id = p.id)
        <> (select coalesce(max(n.line_no), 0) from period_lines n where n.period_id = p.id)
      union all
      select c.id from hours_closes c left join period_lines n on n.period_id = c.period_id and n.version = c.version
      left join ledger l on l.id = n.ledger_id
      group by c.id having count(n.ledger_id) <> c.lines or coalesce(sum(l.minutes), 0) <> c.minutes`,
  },
]

const STEPS = `steps as (
  select subject_id, from_state, to_state, at from audit_log where subject_type = 'assignment' and to_state is not null)`

const audit: Check[] = [
  {
    name: 'every-step-is-audited-once',
    promise: 'an assignment has as many audit rows as it has made steps or followed its shift, and began once',
    offenders: `
      with told as (
        select subject_id, count(*) as steps, count(*) filter (where to_state is not null and from_state is null) as births
        from audit_log where subject_type = 'assignment' and (to_state is not null or action = 'assignment.rescheduled')
        group by 1)
      select a.id from assignments a left join told t on t.subject_id = a.id
      where t.steps is distinct from a.version or t.births is distinct from 1`,
  },
  {
    name: 'audit-leads-to-the-present',
    promise: 'the audit rows of an assignment link up, each where the one before ended, up to its present state',
    // Every state is entered as often as it is left, but for the present one; order within one instant does not matter.
    offenders: `
      with ${STEPS}, moves as (
        select subject_id, to_state as state, 1 as move from steps
        union all select subject_id, from_state, -1 from steps where from_state is not null
        union all select id, state, -1 from assignments)
      select subject_id as id from (select subject_id, state from moves group by 1, 2 having sum(move) <> 0) broken
      union
      select a.id from assignments a where not exists (
        select from steps s where s.subject_id = a.id and s.to_state = a.state
          and s.at = (select max(at) from steps l where l.subject_id = a.id))`,
  },
]

const machine: Check[] = [
  { name: 'no-dead-tasks', promise: 'no task was given up', offenders: `select id from tasks where state = 'dead'` },
  {
    name: 'no-stuck-tasks',
    promise: 'no task is held by a process that died',
    offenders: `select id from tasks where state = 'running' and (locked_until is null or locked_until < ${LATE})`,
  },
  {
    name: 'append-only-is-guarded',
    promise: 'the triggers that keep audit log, ledger and published versions as they are stand guard',
    offenders: `
      select guard.name as id from (values ('audit_log', 'audit_log_append_only'), ('audit_log', 'audit_log_no_truncate'),
        ('ledger', 'ledger_append_only'), ('ledger', 'ledger_no_truncate'),
        ('hours_closes', 'hours_closes_frozen'), ('period_lines', 'period_lines_frozen'),
        ('report_filings', 'report_filings_append_only'), ('report_filings', 'report_filings_no_truncate'),
        ('roster_version_lines', 'roster_version_lines_frozen')) as guard(relation, name)
      where not exists (select from pg_trigger t where t.tgrelid = to_regclass(guard.relation)
        and t.tgname = guard.name and t.tgenabled in ('O', 'A'))`,
  },
  {
    name: 'promises-are-kept-by-the-database',
    promise: 'the constraints that decide races are there',
    offenders: `
      select promise.name as id from (values ('assignments_nobody_at_two_posts'), ('assignments_one_live_per_slot'),
        ('rosters_periods_apart'), ('echelon_members_one_echelon_at_a_time'), ('gaps_one_open_per_slot'),
        ('offers_one_winner_per_gap'), ('offers_one_open_per_person'), ('attendances_one_per_assignment'),
        ('segments_apart'), ('attendance_corrections_one_open'), ('handovers_one_per_shift'),
        ('ledger_segment_once'), ('ledger_reversed_once'), ('messages_purpose_once'), ('crew_members_once_at_a_time'),
        ('calls_once_per_person'), ('calls_one_open_per_person'), ('standing_duties_one_per_site'),
        ('standing_duties_one_per_role'), ('duty_reports_one_per_deadline'), ('report_receipts_once'),
        ('campaign_entries_once_per_round'), ('campaign_tasks_once')) as promise(name)
      where not exists (select from pg_index i where i.indexrelid = to_regclass(promise.name) and i.indisvalid)`,
  },
  {
    name: 'clocks-agree',
    promise: 'the clock of this machine is within 2 s of that of the database',
    offenders: `
      select 'off by ' || round(extract(epoch from skew), 1) || ' s' as id
      from (select (select machine from moment) - clock_timestamp() as skew) difference
      where skew not between interval '-2 seconds' and interval '2 seconds'`,
  },
  {
    name: 'schema-is-current',
    promise: 'the database has the schema of this program',
    offenders: `
      select 'at migration ' || coalesce(max(created_at)::text, 'none') as id from drizzle.__drizzle_migrations
      having max(created_at) is distinct from (select schema from moment)`,
  },
]

/** In the order of a report: people first, machinery last. */
export const CHECKS: readonly Check[] = [...seats, ...gaps, ...work, ...hours, ...audit, ...machine]
