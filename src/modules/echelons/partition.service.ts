import { eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { findings } from '../../platform/http/problem.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { END } from './date-spans.ts'
import { echelonsRepository, type FoundSet, type SetRow } from './echelons.repository.ts'
import type { GetSet } from './echelons.service.ts'
import { echelons } from './echelons.tables.ts'
import { echelonView } from './echelons.views.ts'
import { membersRepository } from './members.repository.ts'
import { membershipsRepository, withinAny } from './memberships.repository.ts'
import { membershipsOf, type Person, type SetFacts, spansByRule } from './memberships.rules.ts'
import {
  compareSplit,
  type EntryChanges,
  echelonsOn,
  entriesAfter,
  entryChanges,
  type Pool,
  placesOf,
  rulesOf,
  type Split,
} from './partition.rules.ts'
import type { PartitionRequest } from './partition.schemas.ts'
import { checkTraits } from './traits.ts'

const SHOWN = 1_000

/** Splits a pool of people into the echelons of a set: shows what would happen, or does it. */
export function createPartition({ db, clock }: Foundations, getSet: GetSet) {
  return {
    async partition(actor: Actor, setId: string, request: z.output<typeof PartitionRequest>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const found = await getSet(tx, actor, setId, request.apply)
        const split = { ...request, on: request.on ?? localDay(now, found.zone) } as Split
        const [facts] = await membershipsRepository(tx).sets([setId])
        const pool = await loadPool(tx, actor, found, facts!, split)
        const outcome = await foresee(tx, facts!, pool, split)
        if (request.apply) await carryOut(tx, actor, now, found.set, split, outcome)
        const rows = await echelonsRepository(tx).echelonsOf([setId])
        const rowOf = new Map(rows.map((row) => [row.id, echelonView(row)]))
        const unplaced = pool.filter((one) => !outcome.after.has(one.id))
        return {
          applied: request.apply,
          on: split.on,
          people: pool.length,
          echelons: outcome.echelons.map((one, index) => ({
            ...rowOf.get(one.id)!,
            rule: outcome.facts.echelons[index]!.rule,
            ...one,
          })),
          moves: outcome.moves.slice(0, SHOWN),
          movesTotal: outcome.moves.length,
          unplaced: unplaced.slice(0, SHOWN).map(({ id, displayName, birthOn }) => ({
            volunteerId: id,
            displayName,
            reason: birthOn === null ? ('birth-date-unknown' as const) : ('outside-bands' as const),
          })),
          unplacedTotal: unplaced.length,
        }
      })
    },
  }
}

type Outcome = Awaited<ReturnType<typeof foresee>>

/** The people to be split up; everything wrong with the request that only the database can tell. */
async function loadPool(
  tx: Tx,
  actor: Actor,
  { unitPath }: FoundSet,
  set: SetFacts,
  { pool, on, ...split }: Split,
): Promise<Person[]> {
  const found = findings()
  await checkTraits(tx, actor, unitPath, [{ pointer: '/body/pool', traits: pool }], found)
  const size = set.echelons.length
  if (size === 0) found.add('/path/id', 'set-without-echelons', 'This set has no echelons to split people into.')
  else if (split.by === 'age' && split.bands.length !== size) {
    const detail = `The set has ${size} echelons and the request ${split.bands.length} bands.`
    found.add('/body/bands', 'bands-and-echelons-differ', detail)
  }
  await checkIds(tx, actor, unitPath, pool, found)
  found.throwIfAny()
  const repository = membershipsRepository(tx)
  const paths = await repository.paths(pool.unitIds ?? [])
  const conditions = [
    withinPath(unitPath),
    pool.unitIds && withinAny(paths.values()),
    pool.grades && inArray(volunteers.grade, pool.grades),
    pool.personClasses && inArray(volunteers.personClass, pool.personClasses),
    pool.volunteerIds && sql`${volunteers.id} = any(${sql.param(pool.volunteerIds)}::uuid[])`,
  ]
  const day = { fromOn: on, toOn: addLocalDays(on, 1) }
  const people = await repository.people(conditions, day, pool.qualificationIds ?? [])
  const { volunteerIds: _ids, ...traits } = pool
  const fitting = people.filter((one) => spansByRule(traits, one, paths).some(({ from, to }) => from <= on && on < to))
  if (fitting.length === 0) found.add('/body/pool', 'pool-empty', `Nobody fits this pool on ${on}.`)
  found.throwIfAny()
  return fitting
}

async function checkIds(tx: Tx, actor: Actor, unitPath: string, pool: Pool, found: ReturnType<typeof findings>) {
  if (!pool.volunteerIds) return
  const homes = new Map((await membersRepository(tx).homesOf(pool.volunteerIds)).map((one) => [one.id, one.unitPath]))
  pool.volunteerIds.forEach((id, index) => {
    const home = homes.get(id)
    if (home !== undefined && covers(actor, home) && home.startsWith(unitPath)) return
    found.add(`/body/pool/volunteerIds/${index}`, 'volunteer-unknown', `The unit of the set has no volunteer ${id}.`)
  })
}

/** What the split comes to: the same membership rules as ever, once on the set as it is and once as it would be. */
async function foresee(tx: Tx, before: SetFacts, pool: Person[], split: Split) {
  const rules = split.by === 'age' && split.as === 'rules' ? rulesOf(split, split.bands) : undefined
  const facts: SetFacts = rules
    ? { ...before, echelons: before.echelons.map((one, index) => ({ ...one, rule: rules[index]! })) }
    : before
  const { on } = split
  const cast = await membershipsRepository(tx).cast([before, facts], { fromOn: on, toOn: addLocalDays(on, 1) })
  const later = await membershipsRepository(tx).entries([before.id], { fromOn: on, toOn: END })
  const known = new Set(cast.people.map((one) => one.id))
  const people = [...cast.people, ...pool.filter((one) => !known.has(one.id))]
  const current = echelonsOn(membershipsOf(before, people, later, cast.paths), on)
  const changes: EntryChanges = rules
    ? { ended: [], removed: [], added: [] }
    : entryChanges(placesOf(split, pool, before.echelons, current), pool, before.echelons, later, on)
  const entries = entriesAfter(later, changes, before.id, on)
  const after = echelonsOn(membershipsOf(facts, people, entries, cast.paths), on)
  return { facts, rules, changes, after, ...compareSplit(people, before.echelons, current, after) }
}

async function carryOut(tx: Tx, actor: Actor, now: Date, set: SetRow, split: Split, outcome: Outcome) {
  const { rules, changes, facts } = outcome
  if (rules) {
    for (const { id, rule } of facts.echelons) await tx.update(echelons).set({ rule }).where(eq(echelons.id, id))
  }
  const repository = membersRepository(tx)
  await repository.endOn(
    changes.ended.map((one) => one.id),
    split.on,
  )
  await repository.remove(changes.removed.map((one) => one.id))
  const added = await repository.insert(
    changes.added.map((one) => ({ ...one, setId: set.id, fromOn: split.on, createdAt: now })),
  )
  await echelonsRepository(tx).updateSet(set.id, set.version, { updatedAt: now })
  const about = (action: string, entry: { id: string; echelonId: string; volunteerId: string }) => ({
    action: `echelon-member.${action}`,
    subject: { type: 'echelon-member', id: entry.id },
    unitId: set.unitId,
    facts: { echelonId: entry.echelonId, volunteerId: entry.volunteerId, on: split.on },
  })
  await audit(
    tx,
    actor,
    now,
    {
      action: 'echelon-set.partitioned',
      subject: { type: 'echelon-set', id: set.id },
      unitId: set.unitId,
      facts: {
        ...split,
        pool: { ...split.pool, volunteerIds: split.pool.volunteerIds?.length },
        moves: outcome.moves.length,
      },
    },
    ...changes.ended.map((entry) => about('ended', entry)),
    ...changes.removed.map((entry) => about('removed', entry)),
    ...added.map((entry) => about('added', entry)),
  )
}
