import { eq, gte, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink, type Link } from '../../platform/auth/links.ts'
import type { Handle } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import type { Holding, HoldingDeps } from './standing-duties.holding.ts'
import { type DutyAt, homeOf, standingRepository } from './standing-duties.repository.ts'
import type { PageStep } from './standing-duties.schemas.ts'
import { LIVE_DUTY, standingDuties, visits } from './standing-duties.tables.ts'
import type { Filed } from './standing-duties.visits.ts'
import { type VisitAt, visitsRepository } from './visits.repository.ts'
import { canBeFiled } from './visits.rules.ts'

type Step = z.output<typeof PageStep>
type Deps = HoldingDeps & {
  holding: Holding
  visits: { file(occasion: Occasion, id: string, report: Filed): Promise<boolean> }
}

/** All duties of one plan, or one duty in a case: what is taken on or given up together. */
export interface DutyGroup {
  /** Id of the plan or of the case. */
  subject: string
  title: string
  unitName: string
  state: 'proposed' | 'active'
  roles: string[]
  sites: string[]
  toOn: string | null
}

/** What the holder of the link is shown: all that this person keeps, and the visits of today. */
export interface PersonalPage {
  locale: Locale
  name: string
  groups: DutyGroup[]
  visits: VisitAt[]
}

const subjectOf = ({ duty }: DutyAt) => duty.planId ?? duty.caseId!

function groupsOf(duties: DutyAt[]): DutyGroup[] {
  return [...Map.groupBy(duties, (one) => `${subjectOf(one)} ${one.duty.state}`).values()].map((own) => {
    const [first] = own
    return {
      subject: subjectOf(first!),
      title: first!.planName ?? first!.caseReference ?? '',
      unitName: first!.unitName,
      state: first!.duty.state as DutyGroup['state'],
      roles: [...new Set(own.map((one) => one.duty.role))],
      sites: own.flatMap((one) => one.postName ?? []),
      toOn: first!.duty.toOn,
    }
  })
}

/** The page of one person behind their link: a yes or no once for the period, and a tick for each visit. */
export function createPersonalPage({ db, clock, holding, visits: reports }: Deps) {
  const mine = (volunteerId: string) => [
    eq(standingDuties.volunteerId, volunteerId),
    inArray(standingDuties.state, [...LIVE_DUTY]),
  ]

  async function visitsOf(handle: Handle, volunteerId: string, now: Date): Promise<VisitAt[]> {
    const earliest = addLocalDays(localDay(now, 'UTC'), -2)
    const rows = await visitsRepository(handle).list([
      eq(visits.volunteerId, volunteerId),
      gte(visits.localDay, earliest),
    ])
    return rows.filter(({ visit, zone }) => {
      const today = localDay(now, zone)
      const isOld = visit.localDay < today && visit.state !== 'due' && visit.state !== 'missing'
      return canBeFiled(visit, today) && !isOld
    })
  }

  /** Duties given up pass on to the next best, each for itself. */
  async function leave(occasion: Occasion, own: DutyAt[], to: 'declined' | 'withdrawn'): Promise<void> {
    for (const at of own) {
      const home = homeOf(at)
      const [left] = await holding.settle(occasion, home, eq(standingDuties.id, at.duty.id), to)
      if (left) await holding.passOn(occasion, home, left)
    }
  }

  async function apply(occasion: Occasion, link: Link, step: Step): Promise<void> {
    const { tx } = occasion
    if (step.step === 'visit') {
      const found = await visitsRepository(tx).find(step.subject)
      if (found?.visit.volunteerId !== link.volunteerId) return
      await reports.file(occasion, step.subject, { state: step.answer, note: step.note, minutes: step.minutes })
      return
    }
    const from = step.step === 'withdraw' ? 'active' : 'proposed'
    const own = (await standingRepository(tx).listDuties(mine(link.volunteerId))).filter(
      (one) => subjectOf(one) === step.subject && one.duty.state === from,
    )
    if (step.step !== 'accept') return leave(occasion, own, step.step === 'decline' ? 'declined' : 'withdrawn')
    const [first] = own
    if (!first) return
    const ids = own.map((one) => one.duty.id)
    await holding.settle(occasion, homeOf(first), inArray(standingDuties.id, ids), 'active')
  }

  return {
    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
    async openPage(secret: string): Promise<PersonalPage | undefined> {
      const now = clock.now()
      const link = await findLink(db, secret, 'standing', now)
      const person = link && (await standingRepository(db).findPerson(link.volunteerId))
      if (!person) return undefined
      const duties = await standingRepository(db).listDuties(mine(link.volunteerId))
      return {
        locale: person.locale,
        name: person.name,
        groups: groupsOf(duties),
        visits: await visitsOf(db, link.volunteerId, now),
      }
    },

    /** Takes an answer; false for a dead link. What cannot be done (any more) changes nothing: the page tells. */
    answerPage: (secret: string, step: Step, requestId: string): Promise<boolean> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const link = await holdLink(tx, secret, 'standing', now)
        if (!link) return false
        await apply({ tx, actor: linkHolder(link.id, requestId), now }, link, step)
        return true
      }),
  }
}
