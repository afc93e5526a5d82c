import { and, inArray, lte, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { codeTries } from './auth.tables.ts'

const MINUTE = 60_000

/** How many wrong codes are borne, and in what time: for one phone, from everybody together, from one address. */
export const TRY_LIMITS = {
  all: { most: 1_000, ms: 60 * MINUTE },
  address: { most: 10, ms: MINUTE },
  phone: { most: 10, ms: 60 * MINUTE },
} as const

export type TryLimit = keyof typeof TRY_LIMITS
const ORDER: readonly TryLimit[] = ['address', 'all', 'phone']

export interface Trier {
  address: string
  phone: string
}

const keysOf = ({ address, phone }: Trier): Record<TryLimit, string> => ({
  all: 'all',
  address: `address ${address}`,
  phone: `phone ${phone}`,
})

export interface Counted {
  /** Limits that the try goes beyond. */
  beyond: TryLimit[]
  /** Limits it was counted for. */
  counted: TryLimit[]
}

/**
 * Counts a try before it is looked at. Everybody counts in the same order and waits for the one before to have finished,
 * so that tries at the same moment cannot pass together. What an address tries beyond its limit is not counted over all:
 * one address alone cannot keep everybody out.
 */
export async function countTry(tx: Tx, trier: Trier, now: Date): Promise<Counted> {
  const keys = keysOf(trier)
  const beyond: TryLimit[] = []
  const counted: TryLimit[] = []
  for (const limit of ORDER) {
    if (limit === 'all' && beyond.includes('address')) continue
    counted.push(limit)
    const { most, ms } = TRY_LIMITS[limit]
    const over = lte(codeTries.until, now)
    const [row] = await tx
      .insert(codeTries)
      .values({ key: keys[limit], count: 1, until: new Date(now.getTime() + ms) })
      .onConflictDoUpdate({
        target: codeTries.key,
        set: {
          count: sql`case when ${over} then 1 else ${codeTries.count} + 1 end`,
          until: sql`case when ${over} then excluded.until else ${codeTries.until} end`,
        },
      })
      .returning()
    if (row!.count > most) beyond.push(limit)
  }
  return { beyond, counted }
}

/** A right code was no try. */
export async function uncountTry(tx: Tx, trier: Trier, counted: TryLimit[]): Promise<void> {
  const keys = keysOf(trier)
  await tx
    .update(codeTries)
    .set({ count: sql`${codeTries.count} - 1` })
    .where(
      inArray(
        codeTries.key,
        counted.map((limit) => keys[limit]),
      ),
    )
}

const SOME = 100

/** Takes a few counts away that are over; whatever somebody else holds at the moment is left for the next time. */
export async function forgetTries(tx: Tx, now: Date): Promise<void> {
  const over = tx
    .select({ key: codeTries.key })
    .from(codeTries)
    .where(lte(codeTries.until, now))
    .limit(SOME)
    .for('update', { skipLocked: true })
  await tx.delete(codeTries).where(and(inArray(codeTries.key, over)))
}
