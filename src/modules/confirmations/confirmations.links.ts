import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { codes, links } from '../../platform/auth/auth.tables.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle } from '../../platform/db/client.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { createAsking } from './confirmations.asking.ts'
import { confirmationsProblems } from './confirmations.problems.ts'
import { confirmationsRepository } from './confirmations.repository.ts'
import type { LinkScope } from './confirmations.schemas.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { linkView } from './confirmations.views.ts'
import { linksRepository } from './links.repository.ts'
import { requestsRepository } from './requests.repository.ts'
import { standingConsentsRepository } from './standing-consents.repository.ts'

type Scope = z.output<typeof LinkScope>

/** What an organizer may do about the ways in that people were sent: see, revoke, send anew. */
export function createLinkDesk({ db, clock, asking }: ConfirmationsDeps & { asking: ReturnType<typeof createAsking> }) {
  async function findRequest(handle: Handle, actor: Actor, id: string) {
    const found = await confirmationsRepository(handle).findRequest(id)
    assertCovers(actor, found?.unit.path, () => confirmationsProblems.requestUnknown(id))
    return found!
  }

  /** Of a person everything, also what has nothing to do with rosters; of a request what was sent for it. */
  async function scopeOf(handle: Handle, actor: Actor, { volunteerId, requestId, live }: Scope, now: Date) {
    if (volunteerId) {
      const home = await standingConsentsRepository(handle).findHome(volunteerId)
      assertCovers(actor, home?.path, () => confirmationsProblems.volunteerUnknown(volunteerId))
    }
    if (requestId) await findRequest(handle, actor, requestId)
    const stillGood = linksRepository(handle).live(now)
    const within = requestId ? undefined : withinPath(actor.unitPath)
    const of = (table: typeof links | typeof codes) => [
      within,
      volunteerId ? eq(table.volunteerId, volunteerId) : undefined,
      requestId ? eq(table.subjectId, requestId) : undefined,
    ]
    return {
      links: [...of(links), live ? stillGood.links : undefined],
      codes: [...of(codes), live ? stillGood.codes : undefined],
    }
  }

  return {
    /** Ways in of a person or for a request; nobody can see the secrets themselves. */
    async listLinks(actor: Actor, scope: Scope) {
      const now = clock.now()
      const rows = await linksRepository(db).list(await scopeOf(db, actor, scope, now))
      return { items: rows.map((row) => linkView(row, now)) }
    },

    /** Makes all of them worthless at once; what they led to looks like an unknown link from then on. */
    async revokeLinks(actor: Actor, scope: Scope, reason: string | undefined) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const repository = linksRepository(tx)
        const rows = await repository.list(await scopeOf(tx, actor, { ...scope, live: true }, now))
        const revoked = []
        for (const row of rows) if ((await repository.revoke(row.kind, row.id, now)) > 0) revoked.push(row)
        await audit(
          tx,
          actor,
          now,
          ...revoked.map((row) => ({
            action: `${row.kind}.revoked`,
            subject: { type: row.kind, id: row.id },
            reason,
            facts: { purpose: row.purpose, subjectId: row.subjectId, volunteerId: row.volunteerId },
          })),
        )
        return { revoked: revoked.length }
      })
    },

    /** Sends the question of a request once more; the ways in that were sent before are replaced. */
    async sendAgain(actor: Actor, id: string, reason: string | undefined) {
      return db.transaction(async (tx) => {
        const { unit, person } = await findRequest(tx, actor, id)
        const repository = confirmationsRepository(tx)
        const request = (await repository.lockRequest(id))!
        if (request.supersededAt) throw confirmationsProblems.nothingToAsk()
        if (person.doNotContact) throw confirmationsProblems.doNotContact()
        const duties = await repository.dutiesOfRequest(id)
        const tellable = duties.some((one) => one.state === 'pending' || (one.consentId && one.state === 'confirmed'))
        if (!tellable) throw confirmationsProblems.nothingToAsk()
        await asking.askAgain({ tx, actor, now: clock.now() }, request, unit.id, reason)
        const [after] = await repository.requestById(id)
        return { request: after!, answers: await requestsRepository(tx).answersOf([id]) }
      })
    },
  }
}
