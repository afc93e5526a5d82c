import { and, eq, isNull } from 'drizzle-orm'
import type { Handle } from '../db/client.ts'
import { type LINK_PURPOSES, links } from './auth.tables.ts'
import { hashSecret, newSecret } from './secrets.ts'

export type LinkPurpose = (typeof LINK_PURPOSES)[number]
export type Link = typeof links.$inferSelect

export interface NewLink {
  purpose: LinkPurpose
  subjectId: string
  volunteerId: string
  expiresAt: Date
}

/**
 * Makes a new secret for one person and one subject and returns it; only its hash is kept. Called when a message
 * is about to be sent, so that no row and no job ever carries the secret. Earlier secrets for the same subject stay
 * valid: a message whose fate is unknown may still arrive.
 */
export async function mintLink(handle: Handle, link: NewLink, now: Date): Promise<string> {
  const secret = newSecret()
  await handle.insert(links).values({ ...link, tokenHash: hashSecret(secret), createdAt: now })
  return secret
}

/** The link a secret belongs to, if it is live; unknown, expired and revoked look the same. */
export async function findLink(
  handle: Handle,
  secret: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<Link | undefined> {
  const [link] = await handle
    .select()
    .from(links)
    .where(eq(links.tokenHash, hashSecret(secret)))
  const live = link && link.purpose === purpose && link.revokedAt === null && link.expiresAt > now
  return live ? link : undefined
}

export async function revokeLinks(handle: Handle, purpose: LinkPurpose, subjectId: string, now: Date): Promise<void> {
  await handle
    .update(links)
    .set({ revokedAt: now })
    .where(and(eq(links.purpose, purpose), eq(links.subjectId, subjectId), isNull(links.revokedAt)))
}
