import type { StreamedQuery } from '../../platform/db/streams.ts'
import type { LocalDate } from '../../time/zones.ts'
import type { ReportState } from './duty-reports.states.ts'
import type { Content, ReportSchema, Worded } from './duty-reports.types.ts'

export interface ReportFilter {
  /** Reports of this unit and all below it. */
  unitPath: string
  fromOn: LocalDate
  /** First day no longer wanted. */
  toOn: LocalDate
  obligationId?: string | undefined
}

/** One report as the board's file shows it; one line for each deadline, whether anything was filed or not. */
export interface ReportLine {
  reportId: string
  obligationId: string
  /** Name of the obligation, in the languages it has. */
  obligation: Worded
  unitId: string
  unit: string
  /** The post it is about, where it is about one. */
  post: string | null
  localDay: LocalDate
  /** Wall time of the deadline, 'YYYY-MM-DDTHH:mm', in `zone`. */
  dueLocal: string
  zone: string
  dueAt: Date
  state: ReportState
  /** true: filed as nil; false: filed with content; null: nothing was filed. */
  isNil: boolean | null
  firstFiledAt: Date | null
  lastFiledAt: Date | null
  /** Number of filings; more than 1 means it was amended. */
  filings: number
  missingAt: Date | null
  /** Who filed last, by name; null by API. */
  filedBy: string | null
  /** Newest content; null when nil or nothing. */
  content: Content | null
  /** What the content is made of, with its titles. */
  schema: ReportSchema
  note: string | null
  receivers: number
  /** How many receivers have read the newest filing. */
  readers: number
}

/** The board as one query, to be read through a cursor: each row is a `ReportLine`, by day, unit and deadline. */
export const streamReports = ({ unitPath, fromOn, toOn, obligationId }: ReportFilter): StreamedQuery => ({
  text: `
    select r.id as "reportId", o.id as "obligationId", o.name as obligation, u.id as "unitId", u.name as unit,
      p.name as post, r.local_day::text as "localDay", r.due_local as "dueLocal", o.zone, r.due_at as "dueAt", r.state,
      r.is_nil as "isNil", r.first_filed_at as "firstFiledAt", r.last_filed_at as "lastFiledAt", r.filings,
      r.missing_at as "missingAt", v.display_name as "filedBy", f.content, f.note, o.schema,
      coalesce(c.receivers, 0)::int as receivers, coalesce(c.readers, 0)::int as readers
    from duty_reports r
    join report_obligations o on o.id = r.obligation_id
    join units u on u.id = r.unit_id
    left join posts p on p.id = o.post_id
    left join report_filings f on f.report_id = r.id and f.number = r.filings
    left join volunteers v on v.id = f.volunteer_id
    left join lateral (
      select count(*) as receivers, count(*) filter (where read_number >= r.filings) as readers
      from report_receipts where report_id = r.id
    ) c on true
    where starts_with(u.path, $1::text) and r.local_day >= $2::date and r.local_day < $3::date
      and ($4::uuid is null or o.id = $4::uuid)
    order by r.local_day, u.path, r.due_at, r.id`,
  params: [unitPath, fromOn, toOn, obligationId ?? null],
})
