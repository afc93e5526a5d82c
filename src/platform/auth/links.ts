import { and, eq, isNull, type SQL } from 'drizzle-orm'
import type { Handle, Tx } from '../db/client.ts'
import { codes, type LINK_PURPOSES, links } from './auth.tables.ts'
import { hashSecret, newSecret } from './secrets.ts'

export type LinkPurpose = (typeof LINK_PURPOSES)[number]
export type Link = typeof links.$inferSelect

export interface NewLink {
  purpose: LinkPurpose
  subjectId: string
  volunteerId: string
  expiresAt: Date
  /** What its holder may do; left out: all that the purpose allows. */
  actions?: readonly string[]
  codeId?: string
}

/**
 * Makes a new secret for one person and one subject and returns it; only its hash is kept. Called when a message
 * is about to be sent, so that no row and no job ever carries the secret. Earlier secrets for the same subject stay
 * valid, as a message whose fate is unknown may still arrive, until `replaceLinks` puts them out of use.
 */
export async function mintLink(handle: Handle, { actions = [], ...link }: NewLink, now: Date): Promise<string> {
  const secret = newSecret()
  await handle.insert(links).values({ ...link, actions: [...actions], tokenHash: hashSecret(secret), createdAt: now })
  return secret
}

const isKnown = (link: Link | undefined, purpose: LinkPurpose, now: Date): link is Link =>
  link !== undefined && link.purpose === purpose && link.revokedAt === null && link.expiresAt > now

const withSecret = (secret: string): SQL => eq(links.tokenHash, hashSecret(secret))

/** The link a secret belongs to, if it may be used; unknown, expired, revoked and replaced look the same. */
export async function findLink(
  handle: Handle,
  secret: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<Link | undefined> {
  const link = await findAnyLink(handle, secret, purpose, now)
  return link && link.replacedAt === null ? link : undefined
}

/** Like `findLink`, but also one that a newer message replaced: it has a page that says so, and may do nothing. */
export async function findAnyLink(
  handle: Handle,
  secret: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<Link | undefined> {
  const [link] = await handle.select().from(links).where(withSecret(secret))
  return isKnown(link, purpose, now) ? link : undefined
}

/** Like `findLink` for whoever is about to act: until the transaction ends, nobody revokes or replaces the link. */
export async function holdLink(tx: Tx, secret: string, purpose: LinkPurpose, now: Date): Promise<Link | undefined> {
  const [link] = await tx.select().from(links).where(withSecret(secret)).for('share')
  return isKnown(link, purpose, now) && link.replacedAt === null ? link : undefined
}

/** Whether the link is good for this action of its purpose. */
export const mayDo = ({ actions }: Pick<Link, 'actions'>, action: string): boolean =>
  actions.length === 0 || actions.includes(action)

/** Puts all links and codes for a subject out of use because a newer message takes their place. */
export async function replaceLinks(tx: Tx, purpose: LinkPurpose, subjectId: string, now: Date): Promise<void> {
  await tx
    .update(links)
    .set({ replacedAt: now })
    .where(
      and(
        eq(links.purpose, purpose),
        eq(links.subjectId, subjectId),
        isNull(links.revokedAt),
        isNull(links.replacedAt),
      ),
    )
  await tx
    .update(codes)
    .set({ revokedAt: now })
    .where(and(eq(codes.purpose, purpose), eq(codes.subjectId, subjectId), isNull(codes.revokedAt)))
}

/** Revokes links and codes of one subject for good. */
export async function revokeLinks(handle: Handle, purpose: LinkPurpose, subjectId: string, now: Date): Promise<void> {
  await handle
    .update(links)
    .set({ revokedAt: now })
    .where(and(eq(links.purpose, purpose), eq(links.subjectId, subjectId), isNull(links.revokedAt)))
  await handle
    .update(codes)
    .set({ revokedAt: now })
    .where(and(eq(codes.purpose, purpose), eq(codes.subjectId, subjectId), isNull(codes.revokedAt)))
}
