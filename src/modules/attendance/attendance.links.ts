import { type Actor, linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink, type Link } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { wallToInstant } from '../../time/zones.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { judge, type readPolicies, type Step } from './attendance.judgement.ts'
import type { Fact, Records } from './attendance.records.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { checkOutStateFault, type Fault, markFaults, toMinute, windowsOf } from './attendance.rules.ts'
import { type CorrectionRow, correctionsRepository } from './corrections.repository.ts'
import type { CorrectionFault } from './corrections.rules.ts'
import type { Corrections } from './corrections.service.ts'
import { markAt, type Part, type SegmentKind } from './segments.rules.ts'

/** What the holder of a link sees. */
export interface LinkedDuty {
  duty: DutyRow
  policy: UnitPolicy
  now: Date
  /** What the time of somebody on duty counts as now. */
  kind: SegmentKind
  /** Parts of a presence that is over. */
  parts: Part[]
  /** What was asked for last about this duty. */
  correction: CorrectionRow | undefined
  /** Why the last step was not possible. */
  fault?: Fault
  /** A correction that cannot be asked for like this: what was entered, and what is wrong with it. */
  refused?: { entered: DisputeForm; faults: CorrectionFault[] }
}

/** What somebody does on the page of a duty. */
export type LinkAnswer =
  | { step: 'check-in'; kind?: SegmentKind | undefined }
  | { step: 'check-out'; stayOn?: boolean | undefined }
  | { step: 'switch'; kind: SegmentKind }

export interface DisputeForm {
  /** Wall time at the post, 'YYYY-MM-DDTHH:mm'. */
  cameAt: string
  leftAt: string
  reason: string
}

/** What people do themselves, by a personal link or at the post. */
export function createLinks(
  { db, clock }: Foundations,
  {
    records,
    policiesOf,
    organisation,
    corrections,
  }: {
    records: Records
    policiesOf: ReturnType<typeof readPolicies>
    organisation: Organisation
    corrections: Corrections
  },
) {
  async function linkedDuty(handle: Handle, link: Link | undefined) {
    if (!link) return undefined
    const [duty] = await attendanceRepository(handle).findDuties([link.subjectId])
    return duty?.volunteerId === link.volunteerId ? { link, duty } : undefined
  }

  async function look(handle: Handle, duty: DutyRow, now: Date): Promise<LinkedDuty> {
    const repository = attendanceRepository(handle)
    const own = duty.attendanceId ? [duty.attendanceId] : []
    const marks = (await repository.marksOf(own)).get(duty.attendanceId ?? '') ?? []
    const policy = await organisation.policyOf({ path: duty.unitPath }, handle)
    return {
      duty,
      policy: windowsOf(duty.windows, policy),
      now,
      kind: markAt(marks, now).kind,
      parts: await repository.segmentsOf(own),
      correction: await correctionsRepository(handle).newestOf(duty.id),
    }
  }

  async function comeOrGo(tx: Tx, actor: Actor, seen: DutyRow, step: Step, fact: Fact, now: Date) {
    const { verdicts, policies } = await judge(tx, { step, duties: [seen], at: fact.at, now }, policiesOf)
    const { duty, state, faults } = verdicts[0]!
    // Pressed twice, or on a page from before: what was wanted is so already.
    const done = step === 'check-in' ? 'already-checked-in' : 'already-checked-out'
    if (state?.code === done) return undefined
    const fault = state ?? faults[0]
    if (fault) return fault
    const occasion = { tx, actor, now }
    if (step === 'check-in') await records.arrive(occasion, [duty], fact, policies)
    else await records.leave(occasion, [duty], fact, policies)
    return undefined
  }

  async function change(tx: Tx, actor: Actor, seen: DutyRow, fact: Fact & { kind: SegmentKind }, now: Date) {
    const repository = attendanceRepository(tx)
    await repository.lock([seen.volunteerId], [seen.id])
    const [duty] = await repository.findDuties([seen.id])
    const state = checkOutStateFault(duty!)
    if (state) return state
    const marks = (await repository.marksOf([duty!.attendanceId!])).get(duty!.attendanceId!) ?? []
    const [fault] = markFaults(duty!, fact, { now, marks })
    if (fault?.code === 'same-kind') return undefined
    if (!fault) await records.mark({ tx, actor, now }, duty!, fact, await policiesOf(tx, [duty!]))
    return fault
  }

  return {
    comeOrGo,

    /** The duty behind a personal link; undefined for links that are unknown, revoked or over. */
    async openLink(secret: string): Promise<LinkedDuty | undefined> {
      const now = clock.now()
      const found = await linkedDuty(db, await findLink(db, secret, 'attendance', now))
      return found && look(db, found.duty, now)
    },

    /** Does now what the holder of a link asks; what forbids it comes back as `fault`, and nothing is written. */
    async answerLink(secret: string, answer: LinkAnswer, requestId: string): Promise<LinkedDuty | undefined> {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const found = await linkedDuty(tx, await holdLink(tx, secret, 'attendance', now))
        if (!found) return undefined
        const actor = linkHolder(found.link.id, requestId)
        const fact = { at: toMinute(now), source: 'link' as const }
        const fault =
          answer.step === 'switch'
            ? await change(tx, actor, found.duty, { ...fact, kind: answer.kind }, now)
            : await comeOrGo(tx, actor, found.duty, answer.step, { ...fact, ...answer }, now)
        return { ...(await look(tx, found.duty, now)), ...(fault ? { fault } : {}) }
      })
    },

    /** Somebody says that what is recorded of their duty is wrong, and what it was really like. */
    async dispute(secret: string, entered: DisputeForm, requestId: string): Promise<LinkedDuty | undefined> {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const found = await linkedDuty(tx, await holdLink(tx, secret, 'attendance', now))
        if (!found) return undefined
        const { zone } = found.duty
        const times = {
          checkedInAt: wallToInstant(entered.cameAt, zone, 'start').toISOString(),
          checkedOutAt: wallToInstant(entered.leftAt, zone, 'end').toISOString(),
        }
        const occasion = { tx, actor: linkHolder(found.link.id, requestId), now }
        const faults = await corrections.requestByLink(occasion, found.duty.id, times, entered.reason)
        return {
          ...(await look(tx, found.duty, now)),
          ...(faults.length > 0 ? { refused: { entered, faults } } : {}),
        }
      })
    },
  }
}
