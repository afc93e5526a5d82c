import type { z } from 'zod'
import { findLink, mayDo } from '../../platform/auth/links.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays } from '../../time/zones.ts'
import type { createPages } from './confirmations.page.ts'
import type { ConsentsPage } from './confirmations.pages.ts'
import { confirmationsRepository } from './confirmations.repository.ts'
import type { ConsentAnswer } from './confirmations.schemas.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { standingConsentsRepository } from './standing-consents.repository.ts'
import type { createStandingConsents } from './standing-consents.service.ts'

const LONGEST_DAYS = 366

/** Standing consent by the person's own hand, on a page beside the one of a request. */
export function createConsentPages(
  deps: ConfirmationsDeps & {
    pages: ReturnType<typeof createPages>
    standing: ReturnType<typeof createStandingConsents>
  },
) {
  const { db, clock, pages, standing } = deps

  return {
    /** undefined for links that are not (or no longer) good. */
    async openConsents(secret: string): Promise<(ConsentsPage & { locale: Locale }) | undefined> {
      const link = await findLink(db, secret, 'confirmation', clock.now())
      const found = link && (await confirmationsRepository(db).findRequest(link.subjectId))
      if (!found || !mayDo(link, 'consent')) return undefined
      const { rows, today } = await standing.consentsOf(link.volunteerId)
      return {
        locale: found.person.locale,
        posts: await standingConsentsRepository(db).postsOfRequest(found.request.id),
        unitName: found.unit.name,
        today,
        held: rows.map(({ consent, postName, unitName }) => ({
          id: consent.id,
          place: postName ?? unitName ?? '',
          from: consent.fromOn,
          to: consent.toOn,
        })),
      }
    },

    /** Gives or revokes; false when that is not possible, which changes nothing. */
    async consentByPage(secret: string, answer: z.output<typeof ConsentAnswer>, requestId: string): Promise<boolean> {
      return db.transaction(async (tx) => {
        const entry = await pages.entered(tx, secret, requestId)
        if (!entry || !mayDo(entry.link, 'consent')) return false
        const { occasion, request, unit } = entry
        const repository = standingConsentsRepository(tx)
        const home = (await repository.findHome(request.volunteerId))!
        if (answer.answer === 'revoke') {
          const found = await repository.find(answer.consentId)
          if (found?.consent.volunteerId !== request.volunteerId) return false
          await standing.takeConsent(occasion, answer.consentId, home.id)
          return true
        }
        const { place, from, to } = answer
        if (to <= from || to > addLocalDays(from, LONGEST_DAYS)) return false
        const posts = await repository.postsOfRequest(request.id)
        if (place !== 'unit' && !posts.some((post) => post.id === place)) return false
        await standing.giveConsent(occasion, {
          volunteerId: request.volunteerId,
          homeId: home.id,
          postId: place === 'unit' ? null : place,
          unitId: place === 'unit' ? unit.id : null,
          fromOn: from,
          toOn: to,
          source: 'page',
          word: null,
        })
        return true
      })
    },
  }
}
