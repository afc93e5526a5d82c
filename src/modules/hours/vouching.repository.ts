import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { attendances } from '../attendance/attendance.tables.ts'
import { apiKeys } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { ledger } from './hours.tables.ts'

// Who recorded a line and who vouches for it, the same in lists and files. For queries that join its attendance, its
// person, the key of the `verifier` and, as `recorders`, the key that entered it.

export const recorders = alias(apiKeys, 'recorders')

/** Who vouches for a line, or has looked at the presence since. */
export const verifier: SQL<string | null> = sql`coalesce(${ledger.verifiedBy}, ${attendances.verifiedBy})`

export const verifierName: SQL<string | null> = sql`coalesce(${apiKeys.name}, ${verifier})`

export const verifiedAt =
  sql<Date | null>`case when ${ledger.verifiedBy} is null then ${attendances.verifiedAt} else ${ledger.bookedAt} end`.mapWith(
    ledger.bookedAt,
  ) as SQL<Date | null>

/** Whoever left by their own link or the code of the post has recorded it themselves. */
export const ownRecord = sql`${attendances.outSource} in ('link', 'code') and ${ledger.correctsId} is null`

export const recorderName: SQL<string> = sql`coalesce(${recorders.name},
  case when ${ownRecord} then ${volunteers.displayName} end, ${ledger.enteredBy})`
