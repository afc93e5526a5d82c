import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { END } from './date-spans.ts'
import { echelonProblems } from './echelons.problems.ts'
import { type EchelonRow, type EntryRow, echelonsRepository, type FoundSet } from './echelons.repository.ts'
import { echelonMembers } from './echelons.tables.ts'
import { entryView } from './echelons.views.ts'
import { membersRepository } from './members.repository.ts'
import type { EntryList, MemberList, NewEntries } from './members.schemas.ts'
import { membersOn } from './memberships.ts'

type NewEntriesInput = z.output<typeof NewEntries>

const overlaps = (entry: EntryRow, { fromOn, toOn }: NewEntriesInput) =>
  entry.fromOn < (toOn ?? END) && (entry.toOn ?? END) > fromOn

/** What people decide about membership by hand, and the membership that comes of it and of the rules. */
export function createMembers({ db, clock }: Foundations) {
  async function getEchelon(
    handle: Handle,
    actor: Actor,
    id: string,
    lock = false,
  ): Promise<FoundSet & { echelon: EchelonRow }> {
    const echelon = await echelonsRepository(handle).findEchelon(id)
    if (!echelon) throw echelonProblems.echelonUnknown(id)
    const found = await echelonsRepository(handle).findSet(echelon.setId, lock)
    assertCovers(actor, found?.unitPath, () => echelonProblems.echelonUnknown(id))
    return { ...found!, echelon }
  }

  async function checkPeople(tx: Tx, actor: Actor, unitPath: string, ids: string[], found: Findings) {
    const homes = new Map((await membersRepository(tx).homesOf(ids)).map((one) => [one.id, one.unitPath]))
    ids.forEach((id, index) => {
      const home = homes.get(id)
      const pointer = `/body/volunteerIds/${index}`
      if (home === undefined || !covers(actor, home)) {
        found.add(pointer, 'volunteer-unknown', `There is no volunteer ${id} that you may see.`)
      } else if (!home.startsWith(unitPath)) {
        found.add(pointer, 'volunteer-outside-set', `Volunteer ${id} does not belong to the unit of the set.`)
      }
    })
  }

  /** Names everybody whose earlier entries stand in the way; the database would refuse without saying who. */
  async function checkEntries(tx: Tx, echelon: EchelonRow, input: NewEntriesInput, excluded: boolean, found: Findings) {
    const entries = await membersRepository(tx).entriesSince(echelon.setId, input.volunteerIds, input.fromOn)
    const rivals = entries.filter(
      (one) => one.excluded === excluded && overlaps(one, input) && (!excluded || one.echelonId === echelon.id),
    )
    const rivalOf = new Map(rivals.map((one) => [one.volunteerId, one]))
    input.volunteerIds.forEach((id, index) => {
      const rival = rivalOf.get(id)
      if (!rival) return
      const elsewhere = rival.echelonId !== echelon.id
      const code = excluded ? 'already-excluded' : elsewhere ? 'echelon-member-elsewhere' : 'already-member'
      const until = rival.toOn ? ` until ${rival.toOn}` : ''
      const place = elsewhere ? 'another echelon of the set' : 'this echelon'
      const detail = `${id} is ${excluded ? 'excluded from' : 'in'} ${place} from ${rival.fromOn}${until}.`
      found.add(`/body/volunteerIds/${index}`, code, detail)
    })
  }

  return {
    /** Adds members by hand or, with `excluded`, takes people out whom the rule would take in. */
    async addEntries(actor: Actor, echelonId: string, input: NewEntriesInput, excluded: boolean) {
      return db.transaction(async (tx) => {
        const { echelon, set, unitPath } = await getEchelon(tx, actor, echelonId, true)
        const found = findings()
        await checkPeople(tx, actor, unitPath, input.volunteerIds, found)
        await checkEntries(tx, echelon, input, excluded, found)
        found.throwIfAny()
        const now = clock.now()
        const { volunteerIds, fromOn, toOn = null } = input
        const base = { setId: set.id, echelonId, fromOn, toOn, excluded, createdAt: now }
        const rows = await membersRepository(tx).insert(volunteerIds.map((volunteerId) => ({ ...base, volunteerId })))
        await audit(
          tx,
          actor,
          now,
          ...rows.map((row) => ({
            action: excluded ? 'echelon-member.excluded' : 'echelon-member.added',
            subject: { type: 'echelon-member', id: row.id },
            unitId: set.unitId,
            facts: { echelonId, volunteerId: row.volunteerId, fromOn, toOn },
          })),
        )
        return { items: rows.map(entryView) }
      })
    },

    /** Ends an entry on a day, or takes it away as if it had never been. */
    async endEntry(actor: Actor, id: string, on: string | undefined): Promise<void> {
      await db.transaction(async (tx) => {
        const repository = membersRepository(tx)
        const known = await repository.find(id)
        const set = known && (await echelonsRepository(tx).findSet(known.setId, true))
        assertCovers(actor, set?.unitPath, () => echelonProblems.memberUnknown(id))
        const entry = await repository.find(id)
        if (!entry) throw echelonProblems.memberUnknown(id)
        const ends = on !== undefined && on > entry.fromOn
        if (ends && (entry.toOn ?? END) <= on) return
        if (ends) await repository.endOn([id], on)
        else await repository.remove([id])
        await audit(tx, actor, clock.now(), {
          action: ends ? 'echelon-member.ended' : 'echelon-member.removed',
          subject: { type: 'echelon-member', id },
          unitId: set!.set.unitId,
          facts: { echelonId: entry.echelonId, volunteerId: entry.volunteerId, excluded: entry.excluded, on },
        })
      })
    },

    async listMembers(actor: Actor, echelonId: string, query: z.output<typeof MemberList>) {
      const { zone } = await getEchelon(db, actor, echelonId)
      const found = await membersOn(db, echelonId, query.on ?? localDay(clock.now(), zone))
      const membershipOf = new Map(found.map((one) => [one.volunteerId, one]))
      const page = keyset(query, { name: volunteers.sortName }, volunteers.id)
      const rows = await membersRepository(db).page([...membershipOf.keys()], page)
      return toPage(
        query,
        rows,
        (row) => row.sortName,
        (row) => {
          const { source, entryId, fromOn, toOn } = membershipOf.get(row.id)!
          const { id: volunteerId, displayName, personNumber, personClass, grade, unitId } = row
          const person = { volunteerId, displayName, personNumber, personClass, grade, unitId }
          return { ...person, source, entryId, fromOn, toOn }
        },
      )
    },

    async listExclusions(actor: Actor, echelonId: string, query: z.output<typeof EntryList>) {
      await getEchelon(db, actor, echelonId)
      const page = keyset(query, { fromOn: echelonMembers.fromOn }, echelonMembers.id)
      const rows = await membersRepository(db).exclusionsOf(echelonId, page)
      return toPage(query, rows, (row) => row.fromOn, entryView)
    },
  }
}
