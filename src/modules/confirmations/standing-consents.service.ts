import { eq, gt, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { localDay } from '../../time/zones.ts'
import { confirmationsProblems } from './confirmations.problems.ts'
import type { ConsentList, NewConsent } from './confirmations.schemas.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { standingConsents } from './confirmations.tables.ts'
import { consentView } from './confirmations.views.ts'
import { standingConsentsRepository } from './standing-consents.repository.ts'

export interface Given {
  volunteerId: string
  homeId: string
  postId: string | null
  unitId: string | null
  fromOn: string
  toOn: string
  source: 'page' | 'organizer'
  word: string | null
}

type Place = Pick<z.output<typeof NewConsent>, 'postId' | 'unitId'>

/** Consent that is given beforehand: who gives it, how it is known, and how it ends. */
export function createStandingConsents({ db, clock }: ConfirmationsDeps) {
  async function give({ tx, actor, now }: Occasion, { homeId, ...given }: Given) {
    const row = await standingConsentsRepository(tx).insert({ ...given, id: newId(), givenAt: now })
    await audit(tx, actor, now, {
      action: 'standing-consent.given',
      subject: { type: 'standing-consent', id: row.id },
      unitId: homeId,
      reason: given.word ?? undefined,
      facts: { volunteerId: row.volunteerId, postId: row.postId, unitId: row.unitId, source: row.source },
    })
    return row
  }

  async function take({ tx, actor, now }: Occasion, id: string, homeId: string, reason?: string): Promise<void> {
    if (!(await standingConsentsRepository(tx).revoke(id, now))) return
    await audit(tx, actor, now, {
      action: 'standing-consent.revoked',
      subject: { type: 'standing-consent', id },
      unitId: homeId,
      reason,
    })
  }

  return {
    giveConsent: give,
    takeConsent: take,

    /** What a person has agreed to and still does, on the page behind their link. */
    consentsOf: async (volunteerId: string) => {
      const home = await standingConsentsRepository(db).findHome(volunteerId)
      const today = localDay(clock.now(), home!.zone)
      return { today, home: home!, rows: await standingConsentsRepository(db).heldBy([volunteerId], today) }
    },

    /** An organizer writes down what the person has said. */
    async createConsent(actor: Actor, input: z.output<typeof NewConsent>) {
      return db.transaction(async (tx) => {
        const repository = standingConsentsRepository(tx)
        const found = findings()
        const home = await repository.findHome(input.volunteerId)
        if (!home || !covers(actor, home.path)) {
          found.add(
            '/body/volunteerId',
            'volunteer-unknown',
            `There is no volunteer ${input.volunteerId} that you may see.`,
          )
        }
        const checkPlace = async ({ postId, unitId }: Place) => {
          const place = postId ? await repository.findPost(postId) : await repository.findUnit(unitId!)
          if (place && covers(actor, place.path)) return
          const what = postId ? 'post' : 'unit'
          found.add(`/body/${what}Id`, `${what}-unknown`, `There is no ${what} ${postId ?? unitId} that you may see.`)
        }
        await checkPlace(input)
        if (input.to <= input.from) found.add('/body/to', 'order', `${input.to} does not come after ${input.from}.`)
        found.throwIfAny()
        const row = await give(
          { tx, actor, now: clock.now() },
          {
            volunteerId: input.volunteerId,
            homeId: home!.id,
            postId: input.postId ?? null,
            unitId: input.unitId ?? null,
            fromOn: input.from,
            toOn: input.to,
            source: 'organizer',
            word: input.word,
          },
        )
        return consentView(row)
      })
    },

    async listConsents(actor: Actor, query: z.output<typeof ConsentList>) {
      const repository = standingConsentsRepository(db)
      const today = query.on
      const rows = await repository.list(
        [
          repository.within(actor.unitPath),
          query.volunteerId ? eq(standingConsents.volunteerId, query.volunteerId) : undefined,
          query.postId ? eq(standingConsents.postId, query.postId) : undefined,
          query.unitId ? eq(standingConsents.unitId, query.unitId) : undefined,
          today ? isNull(standingConsents.revokedAt) : undefined,
          today ? gt(standingConsents.toOn, today) : undefined,
        ],
        keyset(query, { givenAt: standingConsents.givenAt }, standingConsents.id),
      )
      return toPage(
        query,
        rows.map((row) => row.consent),
        (row) => row.givenAt,
        consentView,
      )
    },

    async revokeConsent(actor: Actor, id: string, reason: string | undefined) {
      return db.transaction(async (tx) => {
        const repository = standingConsentsRepository(tx)
        const found = await repository.find(id)
        assertCovers(actor, found?.homePath, () => confirmationsProblems.consentUnknown(id))
        await take({ tx, actor, now: clock.now() }, id, found!.homeId, reason)
        return consentView((await repository.find(id))!.consent)
      })
    },
  }
}
