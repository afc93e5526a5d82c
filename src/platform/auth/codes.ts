import { eq, sql } from 'drizzle-orm'
import { earlier } from '../../time/intervals.ts'
import type { Handle, Tx } from '../db/client.ts'
import { codes } from './auth.tables.ts'
import { countTry, forgetTries, type TryLimit, uncountTry } from './code-tries.ts'
import { hashCode, keyed, newCode, phoneTail, readCode } from './code-words.ts'
import { type LinkPurpose, mintLink } from './links.ts'

export interface NewCode {
  purpose: LinkPurpose
  subjectId: string
  volunteerId: string
  expiresAt: Date
  /** Page that a right code leads to, such as '/c'. */
  path: string
  /** What it is good for; left out: all that the purpose allows. */
  actions?: readonly string[]
  /** Number that the code is sent to; its last four digits are asked for together with the code. */
  phone: string
  /** The server's key for codes. */
  key: Buffer
}

/** A code may be used again until it expires, as its holder may want to look again or change an answer. */
const MOST_USES = 20
const LINK_MS = 30 * 60_000

/** Makes a short code and returns it; stored is only its keyed hash. As with links, earlier codes stay valid. */
export async function mintCode(handle: Handle, wanted: NewCode, now: Date): Promise<string> {
  const { phone, key, actions = [], ...row } = wanted
  const tail = phoneTail(phone)
  if (tail === undefined) throw new Error('A code needs a phone number with four digits or more.')
  for (;;) {
    const code = newCode()
    const made = await handle
      .insert(codes)
      .values({ ...row, actions: [...actions], codeHash: hashCode(key, code, tail), createdAt: now })
      .onConflictDoNothing()
      .returning({ id: codes.id })
    if (made.length > 0) return code
  }
}

export interface CodeEntry {
  code: string
  phone: string
  /** Network address it was typed at. */
  address: string
}

export type Redeemed =
  | { path: string; secret: string; limited?: never; beyond?: never }
  /** `limited`: wrong, and more than this address may try in vain. */
  | { path?: never; secret?: never; limited: boolean; beyond: TryLimit[] }

/** IPv6 addresses of one household or office differ in their second half. */
const networkOf = (address: string): string =>
  address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address

/**
 * A short-lived link for a right code. Wrong, expired, revoked, used-up codes and those beyond a limit all take the
 * same steps and get the same answer. Hundreds may share an address, so that its limit keeps no right code out.
 */
export async function redeemCode(tx: Tx, entry: CodeEntry, key: Buffer, now: Date): Promise<Redeemed> {
  const [code, tail] = [readCode(entry.code) ?? '', phoneTail(entry.phone) ?? '']
  const trier = { address: keyed(key, networkOf(entry.address)), phone: keyed(key, tail) }
  await forgetTries(tx, now)
  const { beyond, counted } = await countTry(tx, trier, now)
  const [found] = await tx
    .select()
    .from(codes)
    .where(eq(codes.codeHash, hashCode(key, code, tail)))
    .for('update')
  const live = found && found.revokedAt === null && found.expiresAt > now && found.uses < MOST_USES
  if (!live || beyond.some((limit) => limit !== 'address')) return { limited: beyond.includes('address'), beyond }
  await uncountTry(tx, trier, counted)
  await tx
    .update(codes)
    .set({ uses: sql`${codes.uses} + 1`, lastUsedAt: now })
    .where(eq(codes.id, found.id))
  const { id: codeId, purpose, subjectId, volunteerId, actions, path } = found
  const expiresAt = earlier(found.expiresAt, new Date(now.getTime() + LINK_MS))
  const secret = await mintLink(tx, { purpose, subjectId, volunteerId, actions, codeId, expiresAt }, now)
  return { path, secret }
}
