import { and, eq, exists, gt, ilike, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings, stale } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { createAvailability } from './availability.service.ts'
import { createQualifications, unknownQualifications } from './qualifications.service.ts'
import { factsOf } from './volunteers.facts.ts'
import { volunteerProblems } from './volunteers.problems.ts'
import { type NewHoldingRow, type VolunteerRow, volunteersRepository } from './volunteers.repository.ts'
import { lastBirthOf, literally } from './volunteers.rules.ts'
import type { NewVolunteer, VolunteerList, VolunteerPatch } from './volunteers.schemas.ts'
import { qualifications, volunteerQualifications, volunteers } from './volunteers.tables.ts'
import { volunteerSummaryView, volunteerView } from './volunteers.views.ts'
import { createWishes } from './volunteers.wishes.ts'
import { createVolunteersImport } from './volunteers-import.service.ts'

/** Where each day begins first. */
const EASTERNMOST = 'Pacific/Kiritimati'

export type Volunteers = ReturnType<typeof createVolunteers>

/**
 * The people. Promises: a key meets only people whose home unit it covers, and what is said of a person (contacts,
 * qualifications) is replaced as a whole or not at all.
 */
export function createVolunteers(foundations: Foundations) {
  const { db, clock } = foundations

  async function find(handle: Handle, actor: Actor, id: string): Promise<{ row: VolunteerRow; unitPath: string }> {
    const found = await volunteersRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => volunteerProblems.volunteerUnknown(id))
    return found!
  }

  async function show(handle: Handle, row: VolunteerRow) {
    const repository = volunteersRepository(handle)
    const [contacts, held] = [await repository.contactsOf([row.id]), await repository.holdingsOf([row.id])]
    return volunteerView(row, contacts, held)
  }

  async function homeOf(handle: Handle, actor: Actor, unitId: string, found: Findings) {
    const unit = await volunteersRepository(handle).findUnit(unitId)
    if (unit && covers(actor, unit.path)) return unit
    found.add('/body/unitId', 'unit-unknown', `There is no unit ${unitId} that you may see.`)
    return undefined
  }

  async function checkHoldings(handle: Handle, holdings: NewHoldingRow[] | undefined, found: Findings) {
    if (!holdings?.length) return
    const unknown = await unknownQualifications(
      handle,
      holdings.map((one) => one.qualificationId),
    )
    holdings.forEach(({ qualificationId }, index) => {
      if (!unknown.has(qualificationId)) return
      const pointer = `/body/qualifications/${index}/qualificationId`
      found.add(pointer, 'qualification-unknown', `There is no qualification ${qualificationId}.`)
    })
  }

  function checkDates(
    one: { birthOn?: string | null; joinedOn?: string | null; leftOn?: string | null },
    now: Date,
    found: Findings,
  ) {
    if (one.birthOn && one.birthOn > localDay(now, EASTERNMOST)) {
      found.add('/body/birthOn', 'birth-in-future', `${one.birthOn} has not come yet.`)
    }
    if (one.joinedOn && one.leftOn && one.leftOn <= one.joinedOn) {
      found.add('/body/leftOn', 'leaves-before-joining', `${one.leftOn} does not come after ${one.joinedOn}.`)
    }
  }

  /** Today where the list looks: in the zone of the unit asked for, else of the actor's own. */
  async function today(handle: Handle, actor: Actor, unit: { zone: string } | undefined): Promise<string> {
    const own = actor.unitPath.split('/').filter(Boolean).at(-1)
    const place = unit ?? (own ? await volunteersRepository(handle).findUnit(own) : undefined)
    return localDay(clock.now(), place?.zone ?? 'UTC')
  }

  return {
    ...createQualifications(foundations),
    ...createAvailability(foundations, find),
    ...createVolunteersImport(foundations),
    ...createWishes(),

    /** The person, or the problem "unknown" when there is none or the actor may not see them. */
    getVolunteer: async (actor: Actor, id: string, handle: Handle = db): Promise<VolunteerRow> =>
      (await find(handle, actor, id)).row,

    facts: factsOf,

    showVolunteer: async (actor: Actor, id: string) => show(db, (await find(db, actor, id)).row),

    async createVolunteer(actor: Actor, input: z.output<typeof NewVolunteer>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const found = findings()
        const unit = await homeOf(tx, actor, input.unitId, found)
        await checkHoldings(tx, input.qualifications, found)
        checkDates(input, now, found)
        found.throwIfAny()
        const { contacts = [], qualifications: holdings = [], ...fields } = input
        const repository = volunteersRepository(tx)
        const row = await repository.insert({
          ...fields,
          id: newId(),
          sortName: input.sortName ?? input.displayName,
          locale: input.locale ?? unit!.locale,
          createdAt: now,
          updatedAt: now,
        })
        await repository.replaceContacts(row.id, contacts)
        await repository.replaceHoldings(row.id, holdings)
        await audit(tx, actor, now, {
          action: 'volunteer.created',
          subject: { type: 'volunteer', id: row.id },
          unitId: row.unitId,
        })
        return show(tx, row)
      })
    },

    async updateVolunteer(actor: Actor, id: string, version: number, patch: z.output<typeof VolunteerPatch>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { row: before } = await find(tx, actor, id)
        const found = findings()
        if (patch.unitId) await homeOf(tx, actor, patch.unitId, found)
        await checkHoldings(tx, patch.qualifications, found)
        checkDates({ joinedOn: before.joinedOn, leftOn: before.leftOn, ...patch }, now, found)
        found.throwIfAny()
        const { contacts, qualifications: holdings, ...fields } = patch
        const repository = volunteersRepository(tx)
        const followsName = patch.displayName && !patch.sortName && before.sortName === before.displayName
        const changes = { ...fields, ...(followsName ? { sortName: patch.displayName } : {}), updatedAt: now }
        const after = await repository.update(id, version, changes)
        if (!after) throw stale(before.version)
        if (contacts) await repository.replaceContacts(id, contacts)
        if (holdings) await repository.replaceHoldings(id, holdings)
        await audit(tx, actor, now, {
          action: 'volunteer.changed',
          subject: { type: 'volunteer', id },
          unitId: after.unitId,
          facts: { fields: Object.keys(patch) },
        })
        return show(tx, after)
      })
    },

    async listVolunteers(actor: Actor, query: z.output<typeof VolunteerList>) {
      const under = query.unitId ? await volunteersRepository(db).findUnit(query.unitId) : undefined
      if (query.unitId) assertCovers(actor, under?.path, () => volunteerProblems.unitUnknown(query.unitId!))
      const on = query.on ?? (await today(db, actor, under))
      const conditions = [
        withinPath(actor.unitPath),
        under && withinPath(under.path),
        query.personClass && eq(volunteers.personClass, query.personClass),
        query.grade ? eq(volunteers.grade, query.grade) : undefined,
        query.doNotContact === undefined ? undefined : eq(volunteers.doNotContact, query.doNotContact),
        query.ageFrom === undefined ? undefined : lte(volunteers.birthOn, lastBirthOf(query.ageFrom, on)),
        query.ageTo === undefined ? undefined : gt(volunteers.birthOn, lastBirthOf(query.ageTo + 1, on)),
        query.qualification ? holds(query.qualification, on) : undefined,
        query.search ? mentions(query.search) : undefined,
        query.active === undefined ? undefined : query.active ? serves(on) : sql`not ${serves(on)}`,
      ]
      const columns = { name: volunteers.sortName, createdAt: volunteers.createdAt }
      const rows = await volunteersRepository(db).list(conditions, keyset(query, columns, volunteers.id))
      const sortValue = (row: VolunteerRow, sort: string) => (sort === 'name' ? row.sortName : row.createdAt)
      return toPage(query, rows, sortValue, volunteerSummaryView)
    },
  }

  function holds(codeOrId: string, on: string): SQL {
    const held = volunteerQualifications
    return exists(
      db
        .select({ one: sql`1` })
        .from(held)
        .innerJoin(qualifications, eq(qualifications.id, held.qualificationId))
        .where(
          and(
            eq(held.volunteerId, volunteers.id),
            or(eq(qualifications.code, codeOrId), sql`${qualifications.id}::text = ${codeOrId.toLowerCase()}`),
            or(isNull(held.validFrom), lte(held.validFrom, on)),
            or(isNull(held.validTo), gt(held.validTo, on)),
          ),
        ),
    )
  }
}

const serves = (on: string): SQL =>
  and(
    or(isNull(volunteers.joinedOn), lte(volunteers.joinedOn, on)),
    or(isNull(volunteers.leftOn), gt(volunteers.leftOn, on)),
  )!

const mentions = (text: string): SQL | undefined => {
  const pattern = `%${literally(text)}%`
  return or(
    ilike(volunteers.displayName, pattern),
    ilike(volunteers.sortName, pattern),
    ilike(volunteers.personNumber, pattern),
  )
}
