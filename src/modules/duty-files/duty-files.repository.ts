import { and, asc, eq, type SQLWrapper, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { StreamedQuery } from '../../platform/db/streams.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { type PERSON_CLASSES, volunteers } from '../volunteers/volunteers.tables.ts'

export interface PersonRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: (typeof PERSON_CLASSES)[number]
  grade: string | null
  phone: string | null
  email: string | null
  qualifications: string | null
  joinedOn: string | null
  leftOn: string | null
}

const contact = (channel: 'sms' | 'email', name: string) =>
  sql<string | null>`(
  select c.address from contact_points c where c.volunteer_id = ${volunteers.id} and c.channel = ${channel}
  order by c.position, c.id limit 1)`.as(name)

const named = (column: SQLWrapper, name: string) => sql`${column}`.as(name)

/** People of a unit and all below it, by unit and name, each with the contact that is tried first. */
export function streamPeople(
  db: Handle,
  {
    actorPath,
    unitPath,
    personClass,
  }: { actorPath: string; unitPath: string; personClass?: PersonRecord['personClass'] | undefined },
): StreamedQuery {
  const { sql: text, params } = db
    .select({
      personNumber: named(volunteers.personNumber, 'personNumber'),
      name: named(volunteers.displayName, 'name'),
      unit: named(units.name, 'unit'),
      personClass: named(volunteers.personClass, 'personClass'),
      grade: named(volunteers.grade, 'grade'),
      phone: contact('sms', 'phone'),
      email: contact('email', 'email'),
      qualifications: sql<string | null>`(
        select string_agg(q.name, '; ' order by q.name) from volunteer_qualifications h
        join qualifications q on q.id = h.qualification_id where h.volunteer_id = ${volunteers.id})`.as(
        'qualifications',
      ),
      joinedOn: named(sql`${volunteers.joinedOn}::text`, 'joinedOn'),
      leftOn: named(sql`${volunteers.leftOn}::text`, 'leftOn'),
    })
    .from(volunteers)
    .innerJoin(units, eq(units.id, volunteers.unitId))
    .where(
      and(
        withinPath(actorPath),
        withinPath(unitPath),
        personClass ? eq(volunteers.personClass, personClass) : undefined,
      ),
    )
    .orderBy(asc(units.path), asc(volunteers.sortName), asc(volunteers.id))
    .toSQL()
  return { text, params }
}
