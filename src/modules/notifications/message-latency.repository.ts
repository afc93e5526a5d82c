import { type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'

export interface LatencyRow {
  /** null: of all units together. */
  unitId: string | null
  due: number
  taken: number
  waiting: number
  unknown: number
  failed: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  maxMs: number | null
  overFiveMinutes: number
}

export interface LatencyWish {
  path: string
  from: Date
  to: Date
  channel?: string | undefined
  now: Date
}

const percentile = (share: number): SQL =>
  sql`(percentile_disc(${sql.raw(String(share))}) within group (order by took_ms) filter (where taken))::int`

export const messageLatencyRepository = (db: Handle) => ({
  /** How long messages took from when they were wanted out until a channel took them: by unit, and of all together. */
  async figures({ path, from, to, channel, now }: LatencyWish): Promise<LatencyRow[]> {
    const rows = await db.execute<Record<keyof LatencyRow, never>>(sql`
      with wanted as (
        select u.id as unit_id, m.state, m.state in ('accepted', 'delivered') as taken,
          m.state in ('queued', 'sending') as waiting,
          greatest(0, extract(epoch from
            case when m.state in ('queued', 'sending') then ${now.toISOString()}::timestamptz else m.sent_at end - m.due_at) * 1000) as took_ms
        from messages m
        left join volunteers v on v.id = m.volunteer_id
        join units u on u.id = coalesce(m.unit_id, v.unit_id)
        where m.due_at >= ${from.toISOString()}::timestamptz and m.due_at < ${to.toISOString()}::timestamptz
          and m.due_at <= ${now.toISOString()}::timestamptz
          and u.path like ${`${path}%`} and not m.test and m.state <> 'cancelled'
          ${channel === undefined ? sql`` : sql`and m.channel = ${channel}`})
      select unit_id as "unitId", count(*)::int as due, (count(*) filter (where taken))::int as taken,
        (count(*) filter (where waiting))::int as waiting,
        (count(*) filter (where state = 'unknown'))::int as unknown,
        (count(*) filter (where state = 'failed'))::int as failed,
        ${percentile(0.5)} as "p50Ms", ${percentile(0.95)} as "p95Ms", ${percentile(0.99)} as "p99Ms",
        (max(took_ms) filter (where taken))::int as "maxMs",
        (count(*) filter (where (taken or waiting) and took_ms > 300000))::int as "overFiveMinutes"
      from wanted group by grouping sets ((unit_id), ()) order by unit_id`)
    return [...rows] as unknown as LatencyRow[]
  },
})
