import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { stale } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { DraftRow, LiveRow } from './problem.repository.ts'
import type { Publish } from './publication.schemas.ts'
import { diffView, publicationView, versionView } from './publication.views.ts'
import type { Assignments } from './rosters.assignments.ts'
import { type Desk, planOf, type Table } from './rosters.desk.ts'
import { rosterPublished } from './rosters.events.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type RosterAt, rostersRepository } from './rosters.repository.ts'
import { alignSeats, confirmBy, diffOf, type LiveSeat, openSeats, type RosterDiff } from './rosters.rules.ts'

type Deps = Pick<Foundations, 'db' | 'clock' | 'news'> & {
  organisation: Organisation
  assignments: Assignments
  desk: Desk
}

const toSeat = (row: LiveRow): LiveSeat => ({ ...row, assignmentId: row.id })

/** The moment a plan becomes duty: all of the difference in one transaction, or nothing. */
export function createPublication({ db, clock, news, organisation, assignments, desk }: Deps) {
  function compare(roster: RosterAt, table: Table): { plan: DraftRow[]; diff: RosterDiff } {
    const plan = alignSeats(planOf(roster, table), table.live, table.places)
    return { plan, diff: diffOf(plan, table.live.map(toSeat)) }
  }

  /** Hard rules are asked again, about everybody, at the last moment. */
  async function assertHolds(handle: Handle, roster: RosterAt, table: Table, plan: DraftRow[]) {
    const drafts = plan.map((row) => ({ ...row, pinned: false }))
    const loaded = await desk.load(handle, roster, { ...table, drafts }, { reserves: true, volunteerIds: [] })
    const broken = desk.judge(loaded, plan).breaches.filter((breach) => breach.strength === 'hard')
    if (broken.length > 0) throw rosterProblems.breaksRules(broken)
  }

  /** Only the difference is carried out: nobody who keeps a duty is touched. */
  async function apply(occasion: Occasion, roster: RosterAt, table: Table, plan: DraftRow[], diff: RosterDiff) {
    const { tx, now } = occasion
    const number = roster.publishedVersion + 1
    const repo = rostersRepository(tx)
    await repo.clearDraft(roster.id)
    await repo.changeRoster(roster.id, {
      state: 'published',
      publishedVersion: number,
      publishedAt: now,
      updatedAt: now,
    })
    await assignments.move(occasion, {
      ids: diff.removed.map((one) => one.assignmentId),
      to: 'cancelled',
      reason: `not in version ${number}`,
      seatSettled: true,
    })
    const policy = await organisation.policyOf({ path: roster.unitPath }, tx)
    const startOf = new Map(table.planned.shifts.map((shift) => [shift.id, shift.startsAt]))
    const shiftOf = new Map(table.places.map((place) => [place.slotId, place.shiftId]))
    const rowAt = new Map(plan.map((row) => [row.slotId, row]))
    return assignments.seat(
      occasion,
      roster.id,
      diff.added.map(({ slotId, volunteerId }) => {
        const row = rowAt.get(slotId)!
        return {
          slotId,
          volunteerId,
          source: row.source === 'hand' ? ('hand' as const) : ('roster' as const),
          state: 'pending' as const,
          confirmBy: confirmBy(now, startOf.get(shiftOf.get(slotId)!)!, policy),
          override: row.override,
        }
      }),
    )
  }

  async function freeze(
    tx: Tx,
    actor: Actor,
    roster: RosterAt,
    now: Date,
    summary: Record<string, number>,
    note?: string,
  ) {
    const repo = rostersRepository(tx)
    const version = await repo.insertVersion({
      rosterId: roster.id,
      number: roster.publishedVersion + 1,
      publishedAt: now,
      publishedBy: `${actor.kind}:${actor.id}`,
      note: note ?? null,
      summary,
    })
    await repo.insertLines((await repo.liveOfRoster(roster.id)).map((line) => ({ ...line, versionId: version.id })))
  }

  return {
    /** The draft against what is live, for the seats that can still change. */
    async showDiff(actor: Actor, id: string) {
      const roster = await desk.getRoster(db, actor, id)
      const table = await desk.layOut(db, roster, clock.now())
      const { plan, diff } = compare(roster, table)
      return { rosterId: id, version: roster.version, ...diffView(diff, table.live, openSeats(table.places, plan)) }
    },

    async publish(actor: Actor, id: string, version: number, wish: z.output<typeof Publish>) {
      return db.transaction(async (tx) => {
        const roster = await desk.lockRoster(tx, actor, id)
        if (roster.version !== version) throw stale(roster.version)
        if (roster.state === 'generating') throw rosterProblems.stillGenerating()
        if (roster.state !== 'draft') throw rosterProblems.notInState(roster.state, 'a draft')
        const now = clock.now()
        const table = await desk.layOut(tx, roster, now)
        const { plan, diff } = compare(roster, table)
        const open = openSeats(table.places, plan)
        if (open.mandatory.length > 0 && !wish.allowOpenMandatory) throw rosterProblems.hasGaps(open.mandatory)
        await assertHolds(tx, roster, table, plan)
        const answer = publicationView(roster, diff, table.live, open)
        if (wish.dryRun) return { ...answer, dryRun: true, rosterVersion: roster.version }

        const occasion = { tx, actor, now }
        const seated = await apply(occasion, roster, table, plan, diff)
        await freeze(tx, actor, roster, now, answer.summary, wish.note)
        await news.record(
          rosterPublished,
          {
            rosterId: id,
            versionNumber: answer.number,
            seatedIds: seated.map((row) => row.id),
            openSlotIds: [...open.mandatory, ...open.desired],
          },
          occasion,
        )
        await audit(tx, actor, now, {
          action: 'roster.published',
          subject: { type: 'roster', id },
          unitId: roster.unitId,
          from: roster.state,
          to: 'published',
          reason: wish.note,
          facts: { number: answer.number, ...answer.summary },
        })
        return { ...answer, dryRun: false, rosterVersion: (await desk.getRoster(tx, actor, id)).version }
      })
    },

    async listVersions(actor: Actor, id: string) {
      await desk.getRoster(db, actor, id)
      return { items: (await rostersRepository(db).versionsOf(id)).map(versionView) }
    },

    /** A version as it was when it was published, whatever has happened since. */
    async showVersion(actor: Actor, id: string, number: number) {
      await desk.getRoster(db, actor, id)
      const repo = rostersRepository(db)
      const version = await repo.findVersion(id, number)
      if (!version) throw rosterProblems.versionUnknown(id, number)
      const lines = await repo.linesOf(version.id)
      return {
        ...versionView(version),
        lines: lines.map((line) => ({
          ...line,
          startsAt: line.startsAt.toISOString(),
          endsAt: line.endsAt.toISOString(),
        })),
      }
    },
  }
}
