import type { z } from 'zod'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { type Assignment, type Failure, prepare } from '../../solver/index.ts'
import { type Interval, minutesOf } from '../../time/intervals.ts'
import { addLocalDays, instantToWall } from '../../time/zones.ts'
import type { Posts } from '../posts/posts.service.ts'
import type { ShiftAt } from '../posts/shifts.repository.ts'
import type { CandidateQuery } from './drafts.schemas.ts'
import { problemRepository } from './problem.repository.ts'
import type { Desk } from './rosters.desk.ts'
import { loadProblem, type ProblemRequest, type ProblemSources, type RosterProblem } from './rosters.problem.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type RosterAt, rostersRepository } from './rosters.repository.ts'
import { standingFailures } from './rosters.rules.ts'
import type { Misfit } from './rosters.types.ts'

type Deps = Pick<Foundations, 'db' | 'clock'> & { posts: Posts; desk: Desk; sources: ProblemSources }

type SlotAt = NonNullable<Awaited<ReturnType<ReturnType<typeof problemRepository>['slotAt']>>>

/** A seat as it would be taken over from somebody. */
export interface Takeover {
  /** Only this part of the shift. */
  part?: Interval | undefined
  /** Assignments whose holders would give them up for it. */
  withoutIds?: string[]
}

export interface EligibilityAnswer {
  volunteerId: string
  /** Empty: eligible. */
  failures: Failure[]
}

const cutTo = (shift: ShiftAt, part: Interval): ShiftAt => ({
  ...shift,
  ...part,
  startLocal: instantToWall(part.startsAt, shift.zone),
  endLocal: instantToWall(part.endsAt, shift.zone),
  nominalMinutes: minutesOf(part),
})

/** Who could take a seat, by the same rules as everywhere, with every rule that fails. */
export function createCandidates({ db, clock, posts, desk, sources }: Deps) {
  /** A problem of one shift as it is live: all other duties of the people looked at are history to it. */
  async function shiftProblem(
    handle: Handle,
    { shift, unitPath, zone }: SlotAt,
    roster: RosterAt | undefined,
    people: Pick<ProblemRequest, 'volunteerIds' | 'allReserves'>,
    { part, withoutIds = [] }: Takeover = {},
  ): Promise<RosterProblem> {
    const window = { unitPath, fromOn: shift.localDay, toOn: addLocalDays(shift.localDay, 1) }
    const { shifts, slots, requirements, linkedBy } = await posts.shiftsOf(handle, window)
    const seats = slots.filter((one) => one.shiftId === shift.id)
    const used = new Set(seats.map((one) => one.requirementId))
    const live = await problemRepository(handle).liveOn(seats.map((one) => one.id))
    return loadProblem(handle, sources, {
      unitPath: roster?.unitPath ?? unitPath,
      zone: roster?.zone ?? zone,
      fromOn: roster?.fromOn ?? window.fromOn,
      toOn: roster?.toOn ?? window.toOn,
      planned: {
        shifts: shifts.filter((one) => one.id === shift.id).map((one) => (part ? cutTo(one, part) : one)),
        slots: seats,
        requirements: new Map([...requirements].filter(([id]) => used.has(id))),
        linkedBy,
      },
      live: live.filter((one) => !withoutIds.includes(one.id)),
      drafts: [],
      reserves: true,
      withoutIds,
      ...people,
    })
  }

  const ask = ({ problem }: RosterProblem, slotId: string, beside: Assignment[], ids: string[]): EligibilityAnswer[] =>
    prepare({ ...problem, pins: [] })
      .candidates(slotId, beside, ids)
      .map(({ personId, failures }) => ({ volunteerId: personId, failures }))

  /** The whole roster while its draft is open, as then other drafted duties count; else the shift as it is live. */
  async function everybodyFor(at: SlotAt, now: Date): Promise<{ loaded: RosterProblem; beside: Assignment[] }> {
    const roster = await rostersRepository(db).rosterOf(at.unitPath, at.shift.localDay)
    if (roster?.state === 'draft' && at.shift.startsAt > now && !at.shift.extra) {
      const table = await desk.layOut(db, roster, now)
      const loaded = await desk.load(db, roster, table, { reserves: true, allReserves: true })
      return { loaded, beside: loaded.toAssignments(table.drafts) }
    }
    const loaded = await shiftProblem(db, at, roster, { allReserves: true })
    return { loaded, beside: loaded.toAssignments(loaded.live) }
  }

  async function fitsFor(
    handle: Handle,
    slotId: string,
    volunteerIds: string[],
    takeover: Takeover = {},
  ): Promise<EligibilityAnswer[]> {
    const at = await problemRepository(handle).slotAt(slotId)
    if (!at) throw rosterProblems.slotUnknown(slotId)
    const roster = await rostersRepository(handle).rosterOf(at.unitPath, at.shift.localDay)
    const loaded = await shiftProblem(handle, at, roster, { volunteerIds }, takeover)
    const asked = new Set(volunteerIds)
    const known = loaded.problem.people.map((person) => person.id).filter((id) => asked.has(id))
    return ask(loaded, slotId, loaded.toAssignments(loaded.live), known)
  }

  return {
    /**
     * For each person, every hard rule that taking the slot would break beside what is published; empty: eligible.
     * Whoever holds the slot is thought away. People who are unknown are left out. In the order of ids.
     */
    candidatesFor: (handle: Handle, slotId: string, volunteerIds: string[]): Promise<EligibilityAnswer[]> =>
      fitsFor(handle, slotId, volunteerIds),

    /** The same question about a seat that is taken over in part, or in exchange for other duties. */
    fitsFor,

    /** Holders of the shift of this slot whom hard rules rule out as it is now, but for those set aside for them. */
    async misfitsOf(handle: Handle, slotId: string): Promise<Misfit[]> {
      const at = (await problemRepository(handle).slotAt(slotId))!
      const roster = await rostersRepository(handle).rosterOf(at.unitPath, at.shift.localDay)
      const loaded = await shiftProblem(handle, at, roster, { volunteerIds: [] })
      const beside = loaded.toAssignments(loaded.live)
      const nameOf = new Map(loaded.problem.people.map((person) => [person.id, person.name ?? person.id]))
      return loaded.live.flatMap(({ id, slotId: own, volunteerId, override }) => {
        const [answer] = ask(loaded, own, beside, [volunteerId])
        const failures = standingFailures(answer!.failures, override?.rules ?? [])
        return failures.length > 0
          ? [{ assignmentId: id, volunteerId, displayName: nameOf.get(volunteerId)!, failures }]
          : []
      })
    },

    /** All of the actor's own people the slot could be staffed from, reserves included, the eligible first. */
    async listCandidates(actor: Actor, slotId: string, query: z.output<typeof CandidateQuery>) {
      const at = await problemRepository(db).slotAt(slotId)
      assertCovers(actor, at?.unitPath, () => rosterProblems.slotUnknown(slotId))
      const { loaded, beside } = await everybodyFor(at!, clock.now())
      const own = loaded.problem.people.filter(({ id }) => covers(actor, loaded.unitPathOf(id) ?? ''))
      const nameOf = new Map(own.map((person) => [person.id, person.name ?? person.id]))
      const all = ask(loaded, slotId, beside, [...nameOf.keys()])
      const eligible = all.filter((one) => one.failures.length === 0)
      const crewsOf = await sources.crews.namesOf(db, [...nameOf.keys()], at!.shift.localDay)
      const shown = query.eligible ? eligible : all.sort((a, b) => a.failures.length - b.failures.length)
      return {
        slotId,
        considered: all.length,
        eligible: eligible.length,
        items: shown.slice(0, query.limit).map((one) => ({
          ...one,
          displayName: nameOf.get(one.volunteerId)!,
          crews: crewsOf.get(one.volunteerId) ?? [],
        })),
      }
    },
  }
}
