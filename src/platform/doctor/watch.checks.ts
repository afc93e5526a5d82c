import type { Check } from './checks.ts'

const LIVE = `('pending', 'confirmed', 'serving', 'completed')`
const NOW = '(select now from moment)'
/** What waits for longer than this has been forgotten, or nobody is there to do it. */
const LATE = `${NOW} - interval '5 minutes'`

/** Whether what is planned and what is to be told is in somebody's hands at this moment. */
export const WATCH_CHECKS: readonly Check[] = [
  {
    name: 'published-seats-have-a-plan',
    promise: 'a seat that was published, of a shift to come, is held or is or was a gap',
    offenders: `
      select t.id from rosters r
      join units ru on ru.id = r.unit_id
      join units u on u.path like ru.path || '%'
      join posts p on p.unit_id = u.id
      join shifts s on s.post_id = p.id and s.state = 'planned' and not s.extra
        and s.local_day >= r.from_on and s.local_day < r.to_on and s.created_at <= r.published_at and s.starts_at > ${NOW}
      join slots t on t.shift_id = s.id
      where r.kind = 'plan' and r.state <> 'discarded' and r.published_at < ${LATE}
        and not exists (select from assignments a where a.slot_id = t.id and a.state in ${LIVE})
        and not exists (select from gaps g where g.slot_id = t.id)`,
  },
  {
    name: 'messages-are-on-their-way',
    promise: 'a message that was to go out five minutes ago has gone, or is tried again at a time to come',
    offenders: `
      select m.id from messages m where m.state in ('queued', 'sending') and m.send_after < ${LATE}
        and not exists (select from tasks t where t.name = 'notifications.deliver-message' and t.key = m.id::text
          and (t.state = 'running' or (t.state = 'waiting' and t.due_at > ${LATE})))`,
  },
  {
    name: 'tasks-are-in-time',
    promise: 'no task has waited for more than five minutes beyond its time',
    offenders: `select id from tasks where state = 'waiting' and due_at < ${LATE}`,
  },
]
