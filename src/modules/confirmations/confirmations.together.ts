import { linkHolder } from '../../platform/auth/actor.ts'
import { newCode } from '../../platform/auth/code-words.ts'
import type { Conspicuous, Visit } from '../../platform/auth/conspicuous.types.ts'
import { mayDo } from '../../platform/auth/links.ts'
import { hashSecret } from '../../platform/auth/secrets.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { together } from '../../platform/db/together.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { followUp } from './confirmations.jobs.ts'
import { type Answer, answeredBy, toldOf } from './confirmations.rules.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { togetherRepository } from './together.repository.ts'

export interface Yes {
  secret: string
  answer: Answer
  staysOn: boolean | undefined
  from: Visit
}

/** What became of it: see `stepOnPage`; `alone` for what only the long way can judge. */
type Fate = boolean | 'alone'

type Asked = Awaited<ReturnType<ReturnType<typeof togetherRepository>['findAsked']>>[number]

/** A yes that stands, with those of its duties that it is about. */
interface Standing {
  yes: Yes
  duties: Asked[]
  conspicuous: Conspicuous | null
}

const LANES = 2
const MOST = 100

/** Something has changed since it was looked up: nothing of it holds. */
class Spoilt extends Error {}

/**
 * What the answer changes, judged as patiently as can be: whether it comes too late or finds its seat taken is for the
 * long way to say, which looks again under locks.
 */
const changedBy = (duties: Asked[], { answer }: Yes, now: Date): Asked[] =>
  answeredBy(
    duties.map((duty) => ({ ...duty, seatFree: true })),
    answer,
    now,
    { cutOffMinutes: 0 },
  )

/** Nothing but an open question answered: no taking back, no change accepted, no reason, no other word on staying. */
const isPlain = ({ answer, staysOn }: Yes, duties: Asked[]): boolean =>
  answer.reason === undefined &&
  duties.every((duty) => duty.state === 'pending' && (staysOn === undefined || duty.staysOn === staysOn))

/**
 * The yes of many people at once. After a publication hundreds answer in the same minute; those that arrive while others
 * are being written share one transaction, each in the name of its own link. Written is what the promise is made of: the
 * state, its audit row, the receipt number, and one task for what follows from it. What was read before is not locked:
 * each write holds only for what is still as it was read.
 */
export function createTogether({ db, clock, assignments, judgeAnswer }: ConfirmationsDeps) {
  async function look(answers: Yes[], now: Date) {
    const hashes = new Map(answers.map(({ secret }) => [secret, hashSecret(secret)]))
    const asked = Map.groupBy(
      await togetherRepository(db).findAsked([...hashes.values()], now),
      (duty) => duty.tokenHash,
    )
    return (secret: string) => asked.get(hashes.get(secret)!)
  }

  async function write(tx: Tx, standing: Standing[], now: Date): Promise<void> {
    const yeses = standing.flatMap(({ yes, duties, conspicuous }) =>
      duties.map(({ assignmentId, version, linkId }) => {
        const by = linkHolder(linkId, yes.from.requestId)
        return { assignmentId, version, by, ...(conspicuous && { facts: { conspicuous } }) }
      }),
    )
    const confirmed = await assignments.confirmSeen(tx, yeses, now)
    if (confirmed.size === 0) return
    const noted = standing.flatMap(({ duties, conspicuous }) => {
      const receipt = newCode()
      return duties
        .filter((duty) => confirmed.has(duty.assignmentId))
        .map(({ requestId, assignmentId, linkId, ...duty }) => {
          return { requestId, assignmentId, linkId, receipt, told: toldOf(duty), conspicuous }
        })
    })
    if ((await togetherRepository(tx).noteConfirmed(noted)) < noted.length) throw new Spoilt('a link is no longer good')
    await schedule(tx, followUp, { payload: { assignmentIds: [...confirmed] }, key: newId(), dueAt: now }, now)
  }

  async function confirmAll(answers: Yes[]): Promise<Fate[]> {
    const now = clock.now()
    const dutiesOf = await look(answers, now)
    const standing: Standing[] = []
    const people = new Set<string>()
    const fates = answers.map((yes): Fate => {
      const asked = dutiesOf(yes.secret)
      if (!asked) return 'alone'
      if (!mayDo(asked[0]!, 'confirm')) return true
      const duties = changedBy(asked, yes, now)
      if (!isPlain(yes, duties) || people.has(asked[0]!.volunteerId)) return 'alone'
      people.add(asked[0]!.volunteerId)
      if (duties.length > 0) standing.push({ yes, duties, conspicuous: judgeAnswer(asked[0]!, yes.from.ip, now) })
      return true
    })
    if (standing.length > 0) await db.transaction((tx) => write(tx, standing, now))
    return fates
  }

  return together<Yes, Fate>(confirmAll, { lanes: LANES, most: MOST })
}
