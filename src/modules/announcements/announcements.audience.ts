import { and, eq, inArray, like, type SQL, sql } from 'drizzle-orm'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Findings } from '../../platform/http/problem.ts'
import { addLocalDays, type LocalDate } from '../../time/zones.ts'
import { crewMembers, crews } from '../crews/crews.tables.ts'
import { echelonSets, echelons } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Audience, AudienceSource } from './announcements.types.ts'

/** Who belongs to echelon sets on a day. */
export interface MembershipBook {
  memberships(
    handle: Handle,
    setIds: string[],
    fromOn: LocalDate,
    toOn: LocalDate,
  ): Promise<{ echelonId: string; volunteerId: string }[]>
}

export interface Recipient {
  volunteerId: string
  unitId: string
}

/** Turns the wish for an audience into people, a few queries for any number of them. */
export function createAudiences(book: MembershipBook) {
  /** Path of the unit that a source hangs at. */
  async function placeOf(handle: Handle, source: AudienceSource): Promise<string | undefined> {
    const unitPath = async (query: SQL) => {
      const [row] = await handle.execute<{ path: string }>(query)
      return row?.path
    }
    switch (source.kind) {
      case 'unit':
        return unitPath(sql`select path from units where id = ${source.unitId}`)
      case 'echelon-set':
        return unitPath(
          sql`select u.path from ${echelonSets} s join units u on u.id = s.unit_id where s.id = ${source.echelonSetId}`,
        )
      case 'echelon':
        return unitPath(sql`select u.path from ${echelons} e join ${echelonSets} s on s.id = e.set_id
          join units u on u.id = s.unit_id where e.id = ${source.echelonId}`)
      case 'crew':
        return unitPath(
          sql`select u.path from ${crews} c join units u on u.id = c.unit_id where c.id = ${source.crewId}`,
        )
      case 'post-day':
        return unitPath(
          sql`select u.path from ${posts} p join units u on u.id = p.unit_id where p.id = ${source.postId}`,
        )
      case 'shift':
        return unitPath(sql`select u.path from ${shifts} s join ${posts} p on p.id = s.post_id
          join units u on u.id = p.unit_id where s.id = ${source.shiftId}`)
      case 'people':
        return '/'
    }
  }

  async function checkPeople(handle: Handle, actor: Actor, ids: string[], pointer: string, found: Findings) {
    const rows = await handle
      .select({ id: volunteers.id, path: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(sql`${volunteers.id} = any(${sql.param(ids)}::uuid[])`)
    const known = new Set(rows.filter((row) => covers(actor, row.path)).map((row) => row.id))
    for (const [index, id] of ids.entries()) {
      if (known.has(id)) continue
      found.add(
        `${pointer}/volunteerIds/${index}`,
        'volunteer-unknown',
        `There is no volunteer ${id} that you may see.`,
      )
    }
  }

  const onDuty = (handle: Handle, condition: SQL | undefined) =>
    handle
      .selectDistinct({ id: assignments.volunteerId })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .where(and(stateIn(assignments.state, LIVE), condition))

  async function idsFrom(handle: Handle, source: AudienceSource, on: LocalDate): Promise<string[]> {
    const next = addLocalDays(on, 1)
    const idsOf = (rows: { id: string }[]) => rows.map((row) => row.id)
    switch (source.kind) {
      case 'unit': {
        const [unit] = await handle.select({ path: units.path }).from(units).where(eq(units.id, source.unitId))
        return idsOf(
          await handle
            .select({ id: volunteers.id })
            .from(volunteers)
            .innerJoin(units, eq(units.id, volunteers.unitId))
            .where(like(units.path, `${unit!.path}%`)),
        )
      }
      case 'echelon-set':
        return (await book.memberships(handle, [source.echelonSetId], on, next)).map((one) => one.volunteerId)
      case 'echelon': {
        const { echelonId } = source
        const [row] = await handle.select({ setId: echelons.setId }).from(echelons).where(eq(echelons.id, echelonId))
        const all = await book.memberships(handle, [row!.setId], on, next)
        return all.filter((one) => one.echelonId === echelonId).map((one) => one.volunteerId)
      }
      case 'crew':
        return idsOf(
          await handle
            .select({ id: crewMembers.volunteerId })
            .from(crewMembers)
            .where(
              and(
                eq(crewMembers.crewId, source.crewId),
                sql`${crewMembers.fromOn} <= ${on} and (${crewMembers.toOn} is null or ${crewMembers.toOn} > ${on})`,
              ),
            ),
        )
      case 'post-day':
        return idsOf(await onDuty(handle, and(eq(shifts.postId, source.postId), eq(shifts.localDay, source.day))))
      case 'shift':
        return idsOf(
          await onDuty(handle, sql`(${shifts.id} = ${source.shiftId} or ${shifts.partOfId} = ${source.shiftId})`),
        )
      case 'people':
        return source.volunteerIds
    }
  }

  return {
    /** Notes every source that names nothing the actor may see. */
    async check(handle: Handle, actor: Actor, { sources }: Audience, found: Findings): Promise<void> {
      for (const [index, source] of sources.entries()) {
        const pointer = `/body/audience/sources/${index}`
        if (source.kind === 'people') {
          await checkPeople(handle, actor, source.volunteerIds, pointer, found)
          continue
        }
        const path = await placeOf(handle, source)
        if (path === undefined || !covers(actor, path)) {
          found.add(pointer, 'source-unknown', `There is no such ${source.kind} that you may see.`)
        }
      }
    },

    /** Everybody it means on a day: within reach of the actor, of the right class, and not gone. */
    async resolve(handle: Handle, actor: Actor, audience: Audience, on: LocalDate): Promise<Recipient[]> {
      const ids = new Set<string>()
      for (const source of audience.sources) for (const id of await idsFrom(handle, source, on)) ids.add(id)
      const { personClasses } = audience
      return handle
        .select({ volunteerId: volunteers.id, unitId: volunteers.unitId })
        .from(volunteers)
        .innerJoin(units, eq(units.id, volunteers.unitId))
        .where(
          and(
            sql`${volunteers.id} = any(${sql.param([...ids])}::uuid[])`,
            sql`(${volunteers.leftOn} is null or ${volunteers.leftOn} > ${on})`,
            sql`starts_with(${units.path}, ${actor.unitPath})`,
            personClasses?.length ? inArray(volunteers.personClass, personClasses) : undefined,
          ),
        )
        .orderBy(volunteers.id)
    },
  }
}

export type Audiences = ReturnType<typeof createAudiences>
