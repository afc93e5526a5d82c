import { and, eq, isNull, sql } from 'drizzle-orm'
import { links } from '../../platform/auth/auth.tables.ts'
import type { Conspicuous } from '../../platform/auth/conspicuous.types.ts'
import type { Handle } from '../../platform/db/client.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'
import type { Told } from './confirmations.types.ts'

export interface Noted {
  requestId: string
  assignmentId: string
  linkId: string
  receipt: string
  told: Told
  conspicuous: Conspicuous | null
}

/** What the answers of many people at once need of the database: as little as will do. */
export const togetherRepository = (db: Handle) => ({
  /** What links with these hashes are about: a row for each duty of their questions. */
  findAsked: (hashes: string[], now: Date) =>
    db
      .select({
        tokenHash: links.tokenHash,
        linkId: links.id,
        actions: links.actions,
        createdAt: links.createdAt,
        codeId: links.codeId,
        requestId: confirmationRequests.id,
        volunteerId: confirmationRequests.volunteerId,
        staysOn: confirmationItems.staysOn,
        told: confirmationItems.told,
        assignmentId: assignments.id,
        state: assignments.state,
        version: assignments.version,
        startsAt: assignments.startsAt,
        startLocal: shifts.startLocal,
        endLocal: shifts.endLocal,
        zone: shifts.zone,
        postName: posts.name,
        postAddress: posts.address,
        role: slots.role,
      })
      .from(links)
      .innerJoin(
        confirmationRequests,
        and(eq(confirmationRequests.id, links.subjectId), eq(confirmationRequests.volunteerId, links.volunteerId)),
      )
      .innerJoin(confirmationItems, eq(confirmationItems.requestId, confirmationRequests.id))
      .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .where(
        and(
          sql`${links.tokenHash} = any(${sql.param(hashes)}::text[])`,
          eq(links.purpose, 'confirmation'),
          isNull(links.revokedAt),
          isNull(links.replacedAt),
          sql`${links.expiresAt} > ${now.toISOString()}::timestamptz`,
        ),
      ),

  /**
   * Writes down what was confirmed, the number it can be found by, and that what follows from it is still to be done.
   * Answers how many it wrote: a link that was taken out of use meanwhile writes nothing.
   */
  async noteConfirmed(noted: Noted[]): Promise<number> {
    const column = (of: (one: Noted) => string | null) => sql.param(noted.map(of))
    const written = await db.execute(sql`
      update confirmation_items items set told = given.told::jsonb, receipt = given.receipt, conspicuous = given.conspicuous,
        follow_up_due = true
      from unnest(${column((one) => one.requestId)}::uuid[], ${column((one) => one.assignmentId)}::uuid[],
          ${column((one) => one.linkId)}::uuid[], ${column((one) => one.receipt)}::text[],
          ${column((one) => JSON.stringify(one.told))}::text[], ${column((one) => one.conspicuous)}::text[])
          as given(request_id, assignment_id, link_id, receipt, told, conspicuous),
        links
      where items.request_id = given.request_id and items.assignment_id = given.assignment_id
        and links.id = given.link_id and links.revoked_at is null and links.replaced_at is null`)
    return written.count
  },

  /** Takes upon itself what is to follow from confirmations of these duties; who comes second finds none. */
  async claimFollowUps(assignmentIds: string[]): Promise<FollowUp[]> {
    const claimed = await db.execute<{ [K in keyof FollowUp]: FollowUp[K] }>(sql`
      with due as (
        select request_id, assignment_id from confirmation_items
        where assignment_id = any(${sql.param(assignmentIds)}::uuid[]) and follow_up_due
        order by request_id, assignment_id for no key update)
      update confirmation_items items set follow_up_due = false
      from due, confirmation_requests requests
      where items.request_id = due.request_id and items.assignment_id = due.assignment_id
        and requests.id = items.request_id
      returning items.request_id as "requestId", items.assignment_id as "assignmentId", items.receipt,
        requests.roster_id as "rosterId", requests.volunteer_id as "volunteerId"`)
    return [...claimed]
  },
})

/** A confirmed duty from which nothing has followed yet. */
export interface FollowUp {
  requestId: string
  assignmentId: string
  receipt: string
  rosterId: string
  volunteerId: string
}
