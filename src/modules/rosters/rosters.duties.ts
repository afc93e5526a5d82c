import { and, eq, inArray, like, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { RosterAssignmentList } from './drafts.schemas.ts'
import type { Assignments } from './rosters.assignments.ts'
import type { Desk } from './rosters.desk.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type AssignmentState, LIVE } from './rosters.states.ts'
import { draftAssignments, assignments as table } from './rosters.tables.ts'

type Deps = Pick<Foundations, 'db' | 'clock'> & { assignments: Assignments; desk: Desk }

/** What an organizer may do to one assignment after it was published, by the word of the action. */
const ENDINGS = {
  cancel: { to: 'cancelled', verb: 'cancelled' },
  withdraw: { to: 'withdrawn', verb: 'withdrawn' },
  excuse: { to: 'excused', verb: 'excused' },
} as const satisfies Record<string, { to: AssignmentState; verb: string }>

const drafted = alias(volunteers, 'drafted')

/** Single duties: who stands where, and taking somebody out of a seat. */
export function createDuties({ db, clock, assignments, desk }: Deps) {
  async function find(handle: Handle, actor: Actor, id: string) {
    const [found] = await handle
      .select({
        row: table,
        displayName: volunteers.displayName,
        postId: posts.id,
        postName: posts.name,
        role: slots.role,
        startLocal: shifts.startLocal,
        endLocal: shifts.endLocal,
        unitPath: units.path,
      })
      .from(table)
      .innerJoin(volunteers, eq(volunteers.id, table.volunteerId))
      .innerJoin(slots, eq(slots.id, table.slotId))
      .innerJoin(shifts, eq(shifts.id, table.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(table.id, id))
    assertCovers(actor, found?.unitPath, () => rosterProblems.assignmentUnknown(id))
    return found!
  }

  async function show(handle: Handle, actor: Actor, id: string) {
    const { row, unitPath: _path, ...names } = await find(handle, actor, id)
    return {
      ...row,
      ...names,
      startsAt: row.startsAt.toISOString(),
      endsAt: row.endsAt.toISOString(),
      confirmBy: row.confirmBy?.toISOString() ?? null,
      decidedAt: row.decidedAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    }
  }

  const holds = (state: z.output<typeof RosterAssignmentList>['state']): SQL | undefined =>
    state === undefined
      ? undefined
      : state === 'open'
        ? sql`${table.id} is null and ${draftAssignments.slotId} is null`
        : eq(table.state, state)

  return {
    showAssignment: (actor: Actor, id: string) => show(db, actor, id),

    /** Takes somebody out of a seat, which is a gap from then on. */
    async end(actor: Actor, id: string, how: keyof typeof ENDINGS, reason?: string) {
      return db.transaction(async (tx) => {
        const { row } = await find(tx, actor, id)
        const { to, verb } = ENDINGS[how]
        const moved = await assignments.move({ tx, actor, now: clock.now() }, { ids: [id], to, reason })
        if (moved.length === 0) throw rosterProblems.notPossibleNow(row.state, verb)
        return show(tx, actor, id)
      })
    },

    /** Every slot of a roster with who stands there and who the open draft puts there. */
    async listRosterAssignments(actor: Actor, id: string, query: z.output<typeof RosterAssignmentList>) {
      const roster = await desk.getRoster(db, actor, id)
      const live = and(eq(table.slotId, slots.id), inArray(table.state, [...LIVE]))
      const page = keyset(query, { startsAt: shifts.startsAt }, slots.id)
      const rows = await db
        .select({
          slot: slots,
          shift: shifts,
          postName: posts.name,
          live: table,
          liveName: volunteers.displayName,
          draft: draftAssignments,
          draftName: drafted.displayName,
        })
        .from(slots)
        .innerJoin(shifts, eq(shifts.id, slots.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .leftJoin(table, live)
        .leftJoin(volunteers, eq(volunteers.id, table.volunteerId))
        .leftJoin(draftAssignments, eq(draftAssignments.slotId, slots.id))
        .leftJoin(drafted, eq(drafted.id, draftAssignments.volunteerId))
        .where(
          and(
            like(units.path, `${roster.unitPath}%`),
            eq(shifts.state, 'planned'),
            eq(shifts.extra, false),
            sql`${shifts.localDay} >= ${roster.fromOn} and ${shifts.localDay} < ${roster.toOn}`,
            query.day ? eq(shifts.localDay, query.day) : undefined,
            query.postId ? eq(posts.id, query.postId) : undefined,
            query.volunteerId
              ? sql`(${table.volunteerId} = ${query.volunteerId} or ${draftAssignments.volunteerId} = ${query.volunteerId})`
              : undefined,
            holds(query.state),
            page.after,
          ),
        )
        .orderBy(...page.orderBy)
        .limit(page.limit)
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.slot.id })),
        (row) => row.shift.startsAt,
        ({ slot, shift, postName, live: held, liveName, draft, draftName }) => ({
          slotId: slot.id,
          shiftId: shift.id,
          postId: shift.postId,
          postName,
          role: slot.role,
          seat: slot.seat,
          mandatory: slot.mandatory,
          localDay: shift.localDay,
          startLocal: shift.startLocal,
          endLocal: shift.endLocal,
          startsAt: shift.startsAt.toISOString(),
          endsAt: shift.endsAt.toISOString(),
          live: held && {
            assignmentId: held.id,
            volunteerId: held.volunteerId,
            displayName: liveName!,
            state: held.state,
            confirmBy: held.confirmBy?.toISOString() ?? null,
          },
          draft: draft && {
            volunteerId: draft.volunteerId,
            displayName: draftName!,
            pinned: draft.pinned,
            source: draft.source,
          },
        }),
      )
    },
  }
}
