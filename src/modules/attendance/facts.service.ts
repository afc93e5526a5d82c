import { gte, lt } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { earlier, type Interval, minutesOf } from '../../time/intervals.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { attendanceProblems } from './attendance.problems.ts'
import { attendanceRepository } from './attendance.repository.ts'
import { toMinute } from './attendance.rules.ts'
import { factsRepository } from './facts.repository.ts'
import type { FindingList, PresenceQuery } from './facts.schemas.ts'
import { emptyTimes, isThere, type Stay, stretchesOf } from './presence.rules.ts'
import { partsOf } from './segments.rules.ts'

const shown = <I extends Interval>({ startsAt, endsAt, ...more }: I) => ({
  ...more,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
})

/** What the records say, looked at as a whole: what cannot be right in them, and who was where. */
export function createFacts({ db, clock }: Foundations, { organisation }: { organisation: Organisation }) {
  /** Everybody at a post in the window, those who are still there included. */
  async function stays(handle: Handle, postId: string, window: Interval): Promise<Stay[]> {
    const repository = factsRepository(handle)
    const over = await repository.staysOf(postId, window)
    const underWay = await repository.staysUnderWay(postId, window.endsAt)
    const marks = await attendanceRepository(handle).marksOf(underWay.map((one) => one.attendanceId))
    const lasting = underWay.flatMap(({ attendanceId, checkedInAt, plannedKind, ...person }) =>
      partsOf({ startsAt: checkedInAt, endsAt: window.endsAt }, marks.get(attendanceId) ?? [])
        .filter(({ kind }) => isThere(kind, plannedKind))
        .map(({ kind, startsAt, endsAt }) => ({ ...person, kind, startsAt, endsAt })),
    )
    return [...over, ...lasting]
  }

  return {
    async listFindings(actor: Actor, query: z.output<typeof FindingList>) {
      const now = clock.now()
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const conditions = [
        withinPath(actor.unitPath),
        under && withinPath(under.path),
        gte(shifts.localDay, query.from),
        lt(shifts.localDay, query.to),
      ]
      const page = keyset(query, { startsAt: assignments.startsAt }, assignments.id)
      const rows = await factsRepository(db).findings(conditions, page, now, query.code)
      return toPage(
        query,
        rows,
        (row) => row.startsAt,
        ({ id, ...row }) => ({
          ...shown(row),
          assignmentId: id,
          checkedInAt: row.checkedInAt?.toISOString() ?? null,
          checkedOutAt: row.checkedOutAt?.toISOString() ?? null,
        }),
      )
    },

    /** Who was at a post, minute by minute, and when nobody was. */
    async presence(actor: Actor, postId: string, query: z.output<typeof PresenceQuery>) {
      const repository = factsRepository(db)
      const found = await repository.findPost(postId)
      assertCovers(actor, found?.unitPath, () => attendanceProblems.postUnknown(postId))
      const startsAt = new Date(query.from)
      const window = { startsAt, endsAt: earlier(new Date(query.to), toMinute(clock.now())) }
      const bounds = { postId, from: window.startsAt.toISOString(), to: window.endsAt.toISOString() }
      if (window.endsAt <= startsAt) return { ...bounds, to: bounds.from, stretches: [], gaps: [] }
      const people = await stays(db, postId, window)
      const planned = await repository.shiftsOf(postId, window)
      return {
        ...bounds,
        stretches: stretchesOf(window, people).map(shown),
        gaps: emptyTimes(window, people, planned).map((gap) => ({ ...shown(gap), minutes: minutesOf(gap) })),
      }
    },
  }
}
