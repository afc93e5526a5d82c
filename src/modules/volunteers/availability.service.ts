import { and, eq, gt, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { ruleOf } from '../../time/recurrence.ts'
import type { AbsenceList, AvailabilityList, NewAbsence, NewAvailability } from './availability.schemas.ts'
import type { AvailabilityRow } from './volunteers.facts.ts'
import { volunteerProblems } from './volunteers.problems.ts'
import { type VolunteerRow, volunteersRepository } from './volunteers.repository.ts'
import { absences, availabilities } from './volunteers.tables.ts'

type AbsenceRow = typeof absences.$inferSelect
type FindVolunteer = (handle: Handle, actor: Actor, id: string) => Promise<{ row: VolunteerRow; unitPath: string }>

const availabilityView = ({ volunteerId: _of, ...row }: AvailabilityRow) => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
})

const absenceView = ({ volunteerId: _of, ...row }: AbsenceRow) => ({
  ...row,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
})

/** When people can and want to serve, and when they are away. Entries are added and taken away, never changed. */
export function createAvailability({ db, clock }: Foundations, find: FindVolunteer) {
  return {
    async listAvailabilities(actor: Actor, volunteerId: string, query: z.output<typeof AvailabilityList>) {
      await find(db, actor, volunteerId)
      const page = keyset(query, { createdAt: availabilities.createdAt }, availabilities.id)
      const rows = await db
        .select()
        .from(availabilities)
        .where(and(eq(availabilities.volunteerId, volunteerId), page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit)
      return toPage(query, rows, (row) => row.createdAt, availabilityView)
    },

    async addAvailability(actor: Actor, volunteerId: string, input: z.output<typeof NewAvailability>) {
      return db.transaction(async (tx) => {
        const { row: volunteer } = await find(tx, actor, volunteerId)
        const now = clock.now()
        const unit = await volunteersRepository(tx).findUnit(volunteer.unitId)
        const [row] = await tx
          .insert(availabilities)
          .values({
            ...input,
            volunteerId,
            rule: input.rule ? ruleOf(input.rule).text : null,
            zone: input.zone ?? unit!.zone,
            createdAt: now,
          })
          .returning()
        await audit(tx, actor, now, {
          action: 'availability.added',
          subject: { type: 'volunteer', id: volunteerId },
          unitId: volunteer.unitId,
          facts: { availabilityId: row!.id, kind: row!.kind },
        })
        return availabilityView(row!)
      })
    },

    async removeAvailability(actor: Actor, volunteerId: string, id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const { row: volunteer } = await find(tx, actor, volunteerId)
        const gone = await tx
          .delete(availabilities)
          .where(and(eq(availabilities.id, id), eq(availabilities.volunteerId, volunteerId)))
          .returning()
        if (gone.length === 0) throw volunteerProblems.availabilityUnknown(id)
        await audit(tx, actor, clock.now(), {
          action: 'availability.removed',
          subject: { type: 'volunteer', id: volunteerId },
          unitId: volunteer.unitId,
          facts: { availability: availabilityView(gone[0]!) },
        })
      })
    },

    async listAbsences(actor: Actor, volunteerId: string, query: z.output<typeof AbsenceList>) {
      await find(db, actor, volunteerId)
      const page = keyset(query, { startsAt: absences.startsAt }, absences.id)
      const rows = await db
        .select()
        .from(absences)
        .where(
          and(
            eq(absences.volunteerId, volunteerId),
            query.from ? gt(absences.endsAt, new Date(query.from)) : undefined,
            query.to ? lt(absences.startsAt, new Date(query.to)) : undefined,
            page.after,
          ),
        )
        .orderBy(...page.orderBy)
        .limit(page.limit)
      return toPage(query, rows, (row) => row.startsAt, absenceView)
    },

    /** Absences may overlap: somebody on leave can fall ill. */
    async addAbsence(actor: Actor, volunteerId: string, input: z.output<typeof NewAbsence>) {
      return db.transaction(async (tx) => {
        const { row: volunteer } = await find(tx, actor, volunteerId)
        const now = clock.now()
        const [row] = await tx
          .insert(absences)
          .values({
            ...input,
            volunteerId,
            startsAt: new Date(input.startsAt),
            endsAt: new Date(input.endsAt),
            createdAt: now,
          })
          .returning()
        await audit(tx, actor, now, {
          action: 'absence.added',
          subject: { type: 'volunteer', id: volunteerId },
          unitId: volunteer.unitId,
          facts: { absenceId: row!.id, kind: row!.kind },
        })
        return absenceView(row!)
      })
    },

    async removeAbsence(actor: Actor, volunteerId: string, id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const { row: volunteer } = await find(tx, actor, volunteerId)
        const gone = await tx
          .delete(absences)
          .where(and(eq(absences.id, id), eq(absences.volunteerId, volunteerId)))
          .returning()
        if (gone.length === 0) throw volunteerProblems.absenceUnknown(id)
        const { note: _private, ...absence } = absenceView(gone[0]!)
        await audit(tx, actor, clock.now(), {
          action: 'absence.removed',
          subject: { type: 'volunteer', id: volunteerId },
          unitId: volunteer.unitId,
          facts: { absence },
        })
      })
    },
  }
}
