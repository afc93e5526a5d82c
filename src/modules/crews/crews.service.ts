import { and, eq, exists, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings, stale } from '../../platform/http/problem.ts'
import { addLocalDays } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { crewProblems } from './crews.problems.ts'
import { type CrewRow, crewsRepository, type FoundCrew } from './crews.repository.ts'
import type { CrewList, CrewMemberList, CrewPatch, NewCrew, NewCrewMembers } from './crews.schemas.ts'
import { crewMembers, crews } from './crews.tables.ts'
import type { CrewAt, CrewPlace } from './crews.types.ts'
import { crewMemberView, crewView } from './crews.views.ts'

export type Crews = ReturnType<typeof createCrews>

/**
 * Fixed groups of people. Promises: a member is somebody the organizer may see, nobody is in one crew twice on a day,
 * and a crew that a post or a call-out names stays on record.
 */
export function createCrews({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function getCrew(handle: Handle, actor: Actor, id: string): Promise<FoundCrew> {
    const found = await crewsRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => crewProblems.crewUnknown(id))
    return found!
  }

  async function show(handle: Handle, { crew }: Pick<FoundCrew, 'crew'>) {
    const sizes = await crewsRepository(handle).sizes([crew.id], clock.now())
    return crewView(crew, sizes.get(crew.id) ?? 0)
  }

  async function checkPeople(tx: Tx, actor: Actor, people: [pointer: string, id: string][], found: Findings) {
    const homes = await crewsRepository(tx).homesOf(people.map(([, id]) => id))
    const seen = new Set(homes.filter((home) => covers(actor, home.unitPath)).map((home) => home.id))
    for (const [pointer, id] of people) {
      if (!seen.has(id)) found.add(pointer, 'volunteer-unknown', `There is no volunteer ${id} that you may see.`)
    }
  }

  const named = (ids: string[]) => ids.map((id, i): [string, string] => [`/body/volunteerIds/${i}`, id])
  const leading = (id: string | null | undefined): [string, string][] => (id ? [['/body/leadId', id]] : [])

  async function join(
    tx: Tx,
    actor: Actor,
    crew: CrewRow,
    entry: { volunteerIds: string[]; fromOn: string; toOn?: string | null | undefined },
    now: Date,
  ) {
    const { volunteerIds, fromOn, toOn = null } = entry
    if (volunteerIds.length === 0) return
    const base = { crewId: crew.id, fromOn, toOn, createdAt: now }
    const rows = await crewsRepository(tx).insertMembers(volunteerIds.map((volunteerId) => ({ ...base, volunteerId })))
    await audit(
      tx,
      actor,
      now,
      ...rows.map((row) => ({
        action: 'crew-member.added',
        subject: { type: 'crew-member', id: row.id },
        unitId: crew.unitId,
        facts: { crewId: crew.id, volunteerId: row.volunteerId, fromOn, toOn },
      })),
    )
  }

  return {
    async createCrew(actor: Actor, { volunteerIds, ...fields }: z.output<typeof NewCrew>) {
      return db.transaction(async (tx) => {
        const found = findings()
        const unit = await crewsRepository(tx).findUnit(fields.unitId)
        if (!unit || !covers(actor, unit.path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${fields.unitId} that you may see.`)
        }
        await checkPeople(tx, actor, [...named(volunteerIds), ...leading(fields.leadId)], found)
        found.throwIfAny()
        const now = clock.now()
        const crew = await crewsRepository(tx).insert({ ...fields, createdAt: now, updatedAt: now })
        await audit(tx, actor, now, {
          action: 'crew.created',
          subject: { type: 'crew', id: crew.id },
          unitId: crew.unitId,
          facts: { name: crew.name, kind: crew.kind },
        })
        await join(tx, actor, crew, { volunteerIds, fromOn: crew.fromOn, toOn: null }, now)
        return show(tx, { crew })
      })
    },

    showCrew: async (actor: Actor, id: string) => show(db, await getCrew(db, actor, id)),

    async listCrews(actor: Actor, query: z.output<typeof CrewList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const { volunteerId } = query
      const membership = volunteerId
        ? exists(
            db
              .select({ one: sql`1` })
              .from(crewMembers)
              .where(and(eq(crewMembers.crewId, crews.id), eq(crewMembers.volunteerId, volunteerId))),
          )
        : undefined
      const rows = await crewsRepository(db).list(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.kind ? eq(crews.kind, query.kind) : undefined,
          membership,
        ],
        keyset(query, { name: crews.name, createdAt: crews.createdAt }, crews.id),
      )
      const found = rows.map((row) => row.crew)
      const sizes = await crewsRepository(db).sizes(
        found.map((crew) => crew.id),
        clock.now(),
      )
      return toPage(
        query,
        found,
        (row, sort) => (sort === 'name' ? row.name : row.createdAt),
        (crew) => crewView(crew, sizes.get(crew.id) ?? 0),
      )
    },

    async updateCrew(actor: Actor, id: string, version: number, patch: z.output<typeof CrewPatch>) {
      return db.transaction(async (tx) => {
        const before = await getCrew(tx, actor, id)
        const found = findings()
        await checkPeople(tx, actor, leading(patch.leadId), found)
        const { fromOn, toOn } = { ...before.crew, ...patch }
        if (toOn && toOn <= fromOn) found.add('/body/toOn', 'ends-before-start', 'does not come after fromOn')
        found.throwIfAny()
        const now = clock.now()
        const crew = await crewsRepository(tx).update(id, version, { ...patch, updatedAt: now })
        if (!crew) throw stale(before.crew.version)
        await audit(tx, actor, now, {
          action: 'crew.changed',
          subject: { type: 'crew', id },
          unitId: crew.unitId,
          facts: { fields: Object.keys(patch) },
        })
        return show(tx, { crew })
      })
    },

    async deleteCrew(actor: Actor, id: string, version: number): Promise<void> {
      await db.transaction(async (tx) => {
        const { crew } = await getCrew(tx, actor, id)
        if (crew.version !== version) throw stale(crew.version)
        if (await crewsRepository(tx).isNamed(id)) throw crewProblems.inUse()
        await crewsRepository(tx).remove(id)
        await audit(tx, actor, clock.now(), {
          action: 'crew.deleted',
          subject: { type: 'crew', id },
          unitId: crew.unitId,
          facts: { name: crew.name },
        })
      })
    },

    async listMembers(actor: Actor, id: string, { on }: z.output<typeof CrewMemberList>) {
      await getCrew(db, actor, id)
      return { items: (await crewsRepository(db).membersOf(id, on)).map(crewMemberView) }
    },

    async addMembers(actor: Actor, id: string, input: z.output<typeof NewCrewMembers>) {
      return db.transaction(async (tx) => {
        const { crew } = await getCrew(tx, actor, id)
        const found = findings()
        await checkPeople(tx, actor, named(input.volunteerIds), found)
        found.throwIfAny()
        await join(tx, actor, crew, input, clock.now())
        return { items: (await crewsRepository(tx).membersOf(id)).map(crewMemberView) }
      })
    },

    /** Ends a membership on a day, or takes it away as if it had never been. */
    async endMember(actor: Actor, id: string, on: string | undefined): Promise<void> {
      await db.transaction(async (tx) => {
        const repository = crewsRepository(tx)
        const found = await repository.findMember(id)
        assertCovers(actor, found?.unitPath, () => crewProblems.memberUnknown(id))
        const { member, crew } = found!
        const ends = on !== undefined && on > member.fromOn
        if (ends && member.toOn !== null && member.toOn <= on) return
        if (ends) await repository.endMember(id, on)
        else await repository.removeMember(id)
        await audit(tx, actor, clock.now(), {
          action: ends ? 'crew-member.ended' : 'crew-member.removed',
          subject: { type: 'crew-member', id },
          unitId: crew.unitId,
          facts: { crewId: crew.id, volunteerId: member.volunteerId, on },
        })
      })
    },

    /** Crews by id, and all of some subtrees, with their members on the days from `fromOn` to before `toOn`. */
    async crewsWithin(
      handle: Handle,
      asked: {
        crewIds: string[]
        unitPaths: string[]
        fromOn: string
        toOn: string
        volunteerIds?: readonly string[] | undefined
      },
    ): Promise<{ crews: CrewAt[]; places: CrewPlace[] }> {
      const { crewIds, unitPaths, fromOn, toOn, volunteerIds } = asked
      if (crewIds.length + unitPaths.length === 0) return { crews: [], places: [] }
      const repository = crewsRepository(handle)
      const found = await repository.existing(crewIds, unitPaths, fromOn, toOn)
      const ids = found.map((crew) => crew.id)
      return { crews: found, places: await repository.places(ids, fromOn, toOn, volunteerIds) }
    },

    /** Names of the crews that people are in on a day. */
    async namesOf(handle: Handle, volunteerIds: string[], on: string): Promise<Map<string, string[]>> {
      const rows = await crewsRepository(handle).crewsOf(volunteerIds, on)
      return new Map(
        [...Map.groupBy(rows, (row) => row.volunteerId)].map(([id, own]) => [id, own.map((one) => one.name)]),
      )
    },

    /** Ids of those who belong to a crew on a day. */
    membersOn: async (handle: Handle, crewId: string, on: string): Promise<string[]> =>
      (await crewsRepository(handle).places([crewId], on, addLocalDays(on, 1))).map((place) => place.volunteerId),
  }
}
