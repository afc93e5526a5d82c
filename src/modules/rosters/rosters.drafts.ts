import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { type Failure, prepare } from '../../solver/index.ts'
import type { DraftEdit } from './drafts.schemas.ts'
import { draftLineView } from './drafts.views.ts'
import { type DraftRow, problemRepository } from './problem.repository.ts'
import { type Desk, planOf, type Table, toDraft } from './rosters.desk.ts'
import type { RosterProblem } from './rosters.problem.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type RosterAt, rostersRepository } from './rosters.repository.ts'
import { openSeats, standingFailures } from './rosters.rules.ts'
import type { Override } from './rosters.types.ts'

/** A published roster that is worked at again begins with what is live; one in any other state must be a draft. */
export async function openDraft({ tx, actor, now }: Occasion, desk: Desk, roster: RosterAt): Promise<RosterAt> {
  if (roster.state === 'generating') throw rosterProblems.stillGenerating()
  if (roster.state !== 'draft' && roster.state !== 'published') {
    throw rosterProblems.notInState(roster.state, 'a draft or a published roster')
  }
  if (roster.state === 'draft') return roster
  const { live } = await desk.layOut(tx, roster, now)
  const repo = rostersRepository(tx)
  await repo.insertDraft(live.map(toDraft))
  await audit(tx, actor, now, {
    action: 'roster.draft-opened',
    subject: { type: 'roster', id: roster.id },
    unitId: roster.unitId,
    from: 'published',
    to: 'draft',
  })
  return { ...roster, ...(await repo.changeRoster(roster.id, { state: 'draft', updatedAt: now })) }
}

type Deps = Pick<Foundations, 'db' | 'clock'> & { desk: Desk }

/** Work by hand at a plan. Each edit answers at once with all that it breaks; hard rules are broken only by name. */
export function createDrafts({ db, clock, desk }: Deps) {
  /** Everything about a plan as it stands: score, breaches, open seats. */
  function judged(table: Table, loaded: RosterProblem, plan: DraftRow[]) {
    const { score, breaches } = desk.judge(loaded, plan)
    const open = openSeats(table.places, plan)
    return { score, breaches, openMandatorySlotIds: open.mandatory, openDesiredSlotIds: open.desired }
  }

  /** Opens the draft for a change to one seat. */
  async function atSeat(tx: Tx, actor: Actor, id: string, slotId: string, now: Date) {
    const locked = await desk.lockRoster(tx, actor, id)
    const roster = await openDraft({ tx, actor, now }, desk, locked)
    const table = await desk.layOut(tx, roster, now)
    if (!table.places.some((place) => place.slotId === slotId)) {
      const found = await problemRepository(tx).slotAt(slotId)
      const planner = found && (await rostersRepository(tx).rosterOf(found.unitPath, found.shift.localDay))
      throw planner?.id === id && found!.shift.startsAt <= now
        ? rosterProblems.shiftBegun()
        : rosterProblems.slotUnknown(slotId)
    }
    return { roster, table }
  }

  /** An organizer may seat people of the own subtree, and those who belong to the groups the slot is staffed from. */
  function assertKnown(actor: Actor, loaded: RosterProblem, slotId: string, volunteerId: string, unitPath?: string) {
    const allowed = loaded.problem.slots.find((slot) => slot.id === slotId)!.requirement?.groups ?? []
    const person = loaded.problem.people.find((one) => one.id === volunteerId)
    const isMember = person?.groups?.some((group) => allowed.includes(group.id)) ?? false
    if (unitPath !== undefined && (covers(actor, unitPath) || isMember)) return
    const found = findings()
    found.add('/body/volunteerId', 'volunteer-unknown', `There is no volunteer ${volunteerId} that you may see.`)
    found.throwIfAny()
  }

  async function finishEdit(
    tx: Tx,
    actor: Actor,
    roster: RosterAt,
    now: Date,
    change: { action: string; slotId: string; reason?: string; facts: Record<string, unknown> },
  ) {
    await audit(tx, actor, now, {
      action: change.action,
      subject: { type: 'slot', id: change.slotId },
      unitId: roster.unitId,
      reason: change.reason,
      facts: { rosterId: roster.id, ...change.facts },
    })
    return (await rostersRepository(tx).changeRoster(roster.id, { updatedAt: now })).version
  }

  return {
    /** The plan with all that can be said about it; what has begun is no longer part of it. */
    async showDraft(actor: Actor, id: string) {
      const roster = await desk.getRoster(db, actor, id)
      const table = await desk.layOut(db, roster, clock.now())
      const plan = planOf(roster, table)
      const loaded = await desk.load(db, roster, table, { reserves: true })
      const [run] = await rostersRepository(db).lastRunsOf([id])
      const state = judged(table, loaded, plan)
      const open = new Set([...state.openMandatorySlotIds, ...state.openDesiredSlotIds])
      return {
        rosterId: id,
        state: roster.state,
        version: roster.version,
        lines: plan.map((row) => draftLineView(row, loaded.problem)),
        ...state,
        reasons: (run?.outcome?.reasons ?? []).filter((one) => open.has(one.slotId)),
        generationRunId: run?.id ?? null,
      }
    },

    async setLine(actor: Actor, id: string, slotId: string, edit: z.output<typeof DraftEdit>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { volunteerId, pinned } = edit
        const { roster, table } = await atSeat(tx, actor, id, slotId, now)
        const loaded = await desk.load(tx, roster, table, { reserves: true, alsoIds: [volunteerId] })
        assertKnown(actor, loaded, slotId, volunteerId, loaded.unitPathOf(volunteerId))
        const override: Override | null = edit.override ? { ...edit.override, by: `${actor.kind}:${actor.id}` } : null
        const others = table.drafts.filter((row) => row.slotId !== slotId)
        const failures = prepare({ ...loaded.problem, pins: [] }).eligibility(
          volunteerId,
          slotId,
          loaded.toAssignments(others),
        )
        const standing = standingFailures(failures, override?.rules ?? [])
        if (standing.length > 0) throw rosterProblems.brokenRules(standing)
        const row: DraftRow = {
          slotId,
          rosterId: id,
          volunteerId,
          pinned,
          source: 'hand',
          override: failures.length > 0 ? override : null,
          why: null,
        }
        await rostersRepository(tx).insertDraft([row])
        const version = await finishEdit(tx, actor, roster, now, {
          action: 'draft-line.set',
          slotId,
          ...(row.override && { reason: row.override.reason }),
          facts: { volunteerId, pinned, ...(row.override && { overridden: row.override.rules }) },
        })
        return {
          version,
          line: draftLineView(row, loaded.problem),
          overridden: failures,
          ...judged(table, loaded, [...others, row]),
        }
      })
    },

    async removeLine(actor: Actor, id: string, slotId: string) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { roster, table } = await atSeat(tx, actor, id, slotId, now)
        const gone = table.drafts.find((row) => row.slotId === slotId)
        if (!gone) throw rosterProblems.draftLineUnknown(slotId)
        await rostersRepository(tx).clearDraft(id, [slotId])
        const loaded = await desk.load(tx, roster, table, { reserves: true })
        const version = await finishEdit(tx, actor, roster, now, {
          action: 'draft-line.removed',
          slotId,
          facts: { volunteerId: gone.volunteerId },
        })
        const rest = table.drafts.filter((row) => row.slotId !== slotId)
        const overridden: Failure[] = []
        return { version, line: null, overridden, ...judged(table, loaded, rest) }
      })
    },

    /** Throws the draft away: what was published stays, a roster that never was is discarded. */
    async discard(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const roster = await desk.lockRoster(tx, actor, id)
        if (roster.state === 'generating') throw rosterProblems.stillGenerating()
        if (roster.state !== 'draft') throw rosterProblems.notInState(roster.state, 'a draft')
        const now = clock.now()
        const repo = rostersRepository(tx)
        const to = roster.publishedVersion > 0 ? 'published' : 'discarded'
        await repo.clearDraft(id)
        await repo.changeRoster(id, { state: to, updatedAt: now })
        await audit(tx, actor, now, {
          action: 'roster.draft-discarded',
          subject: { type: 'roster', id },
          unitId: roster.unitId,
          from: 'draft',
          to,
        })
        return desk.show(tx, await desk.getRoster(tx, actor, id), now)
      })
    },
  }
}
