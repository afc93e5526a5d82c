import { linkHolder } from '../../platform/auth/actor.ts'
import { holdLinks, mayDo } from '../../platform/auth/links.ts'
import type { Tx } from '../../platform/db/client.ts'
import { together } from '../../platform/db/together.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { createDecisions } from './confirmations.decisions.ts'
import { type AskedDuty, confirmationsRepository } from './confirmations.repository.ts'
import { type Answer, answeredBy } from './confirmations.rules.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'

export interface Yes {
  secret: string
  answer: Answer
  staysOn: boolean | undefined
  /** Of the HTTP request. */
  id: string
}

/** What became of it: see `stepOnPage`; `alone` for what only the long way can judge. */
type Fate = boolean | 'alone'

type Found = Awaited<ReturnType<ReturnType<typeof confirmationsRepository>['findRequests']>>[number]

/** A yes that stands, with those of its duties that it is about. */
interface Standing {
  found: Found
  duties: AskedDuty[]
}

const LANES = 2
const MOST = 100

/** Nothing but an open question answered: no taking back, no change accepted, no reason, no other word on staying. */
const isPlain = ({ answer, staysOn }: Yes, duties: AskedDuty[]): boolean =>
  answer.reason === undefined &&
  duties.every((duty) => duty.state === 'pending' && (staysOn === undefined || duty.staysOn === staysOn))

/**
 * The yes of many people at once. After a publication hundreds answer in the same minute; those that arrive while others
 * are being written share one transaction, with the same locks, rows and news as alone, and each in the name of its own
 * link.
 */
export function createTogether(deps: ConfirmationsDeps & Pick<ReturnType<typeof createDecisions>, 'confirmTogether'>) {
  const { db, clock, organisation, confirmTogether } = deps

  /** The request that each secret opens, unless a better claim to the same person is in this piece already. */
  async function enter(tx: Tx, answers: Yes[], now: Date) {
    const links = await holdLinks(tx, new Set(answers.map((one) => one.secret)), 'confirmation', now)
    const requests = await confirmationsRepository(tx).findRequests([...links.values()].map((link) => link.subjectId))
    const byId = new Map(requests.map((found) => [found.request.id, found]))
    const people = new Map<string, ReturnType<typeof linkHolder>>()
    const entered = answers.map(({ secret, id }) => {
      const link = links.get(secret)
      const found = link && byId.get(link.subjectId)
      if (!link || found?.request.volunteerId !== link.volunteerId) return { fate: false as Fate }
      if (!mayDo(link, 'confirm')) return { fate: true as Fate }
      if (people.has(link.volunteerId)) return { fate: 'alone' as Fate }
      people.set(link.volunteerId, linkHolder(link.id, id))
      return { fate: true as Fate, found }
    })
    return { entered, people }
  }

  async function confirmAll(tx: Tx, answers: Yes[]): Promise<Fate[]> {
    const now = clock.now()
    const { entered, people } = await enter(tx, answers, now)
    const ids = entered.flatMap(({ found }) => (found ? [found.request.id] : []))
    if (ids.length === 0) return entered.map((one) => one.fate)
    const repository = confirmationsRepository(tx)
    await repository.lockRequests(ids)
    const duties = Map.groupBy(await repository.dutiesOfRequests(ids), (duty) => duty.requestId)
    const policies = new Map<string, Awaited<ReturnType<typeof organisation.policyOf>>>()
    for (const { found } of entered) {
      if (found && !policies.has(found.unit.path)) {
        policies.set(found.unit.path, await organisation.policyOf(found.unit, tx))
      }
    }
    const standing: Standing[] = []
    const fates = entered.map(({ fate, found }, n) => {
      if (!found) return fate
      const own = duties.get(found.request.id) ?? []
      const answered = answeredBy(own, answers[n]!.answer, now, policies.get(found.unit.path)!)
      if (!isPlain(answers[n]!, answered)) return 'alone'
      if (answered.length > 0) standing.push({ found, duties: answered })
      return fate
    })
    await decideAll({ tx, actor: [...people.values()][0]!, now, actors: people }, standing)
    return fates
  }

  async function decideAll(occasion: Occasion, standing: Standing[]): Promise<void> {
    for (const group of Map.groupBy(standing, ({ found }) => found.request.rosterId).values()) {
      await confirmTogether(
        occasion,
        group.map(({ found, duties }) => ({ requestId: found.request.id, duties })),
      )
    }
  }

  return together<Yes, Fate>((answers) => db.transaction((tx) => confirmAll(tx, answers)), { lanes: LANES, most: MOST })
}
