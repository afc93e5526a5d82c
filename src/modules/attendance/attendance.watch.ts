import type { z } from 'zod'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { NewMessage } from '../notifications/notifications.types.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentSeated, assignmentsMoved } from '../rosters/rosters.events.ts'
import { askCheckIn, askCheckOut, markNoShow, tellCheckIn, tellCheckOut } from './attendance.jobs.ts'
import type { readPolicies } from './attendance.judgement.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { afterEnd, afterExpected } from './attendance.rules.ts'

type Minutes = { [K in keyof UnitPolicy]: UnitPolicy[K] extends number ? K : never }[keyof UnitPolicy]

/** A question that falls due when somebody has not come, or not left, for as long as a field of the policy says. */
interface Question {
  task: typeof markNoShow
  /** Asked only as long as the duty is in this state. */
  state: 'confirmed' | 'serving'
  after: Minutes
  message: string
  to: 'person' | 'unit'
}

const COMING: Question[] = [
  { task: askCheckIn, state: 'confirmed', after: 'checkInAskMinutes', message: 'check-in-missing', to: 'person' },
  { task: tellCheckIn, state: 'confirmed', after: 'checkInTellMinutes', message: 'check-in-missing-unit', to: 'unit' },
  { task: markNoShow, state: 'confirmed', after: 'noShowMinutes', message: 'no-show-question', to: 'unit' },
]
const LEAVING: Question[] = [
  { task: askCheckOut, state: 'serving', after: 'checkOutAskMinutes', message: 'check-out-missing', to: 'person' },
  { task: tellCheckOut, state: 'serving', after: 'checkOutTellMinutes', message: 'check-out-missing-unit', to: 'unit' },
]

const dueAt = ({ state, after }: Question, duty: DutyRow, policy: UnitPolicy): Date =>
  state === 'confirmed' ? afterExpected(duty, policy[after]) : afterEnd(duty, policy[after])

/** Waits for everybody who is to come or to leave: asks them, then the responsible people, and never decides in silence. */
export function createWatch(
  { db, clock }: Foundations,
  {
    policiesOf,
    assignments,
    notifications,
  }: { policiesOf: ReturnType<typeof readPolicies>; assignments: Assignments; notifications: Notifications },
) {
  async function watch({ tx, now }: Occasion, questions: Question[], assignmentIds: string[]): Promise<void> {
    const duties = await attendanceRepository(tx).findDuties(assignmentIds)
    const policies = await policiesOf(tx, duties)
    for (const question of questions) {
      const errands = duties
        .filter((duty) => duty.state === question.state)
        .map((duty) => ({
          payload: { assignmentId: duty.id },
          key: duty.id,
          dueAt: dueAt(question, duty, policies(duty)),
        }))
      await schedule(tx, question.task, errands, now)
    }
  }

  const forget = async ({ tx, now }: Occasion, questions: Question[], assignmentIds: string[]): Promise<void> => {
    for (const { task } of questions) await cancelTasks(tx, task, assignmentIds, now)
  }

  const messageOf = ({ message, to }: Question, duty: DutyRow, at: Date): NewMessage => ({
    ...(to === 'person' ? { volunteerId: duty.volunteerId } : { unitId: duty.unitId }),
    template: message,
    subjectId: duty.id,
    purpose: `${message}:${duty.id}:${at.getTime()}`,
  })

  /** Where the policy decides by itself, it says so in the audit log. */
  async function decide(occasion: Occasion, duty: DutyRow, { noShow, noShowMinutes }: UnitPolicy): Promise<boolean> {
    if (noShow !== 'auto') return false
    const reason = `policy: nobody checked in within ${noShowMinutes} minutes (noShowMinutes, noShow: auto)`
    await assignments.move(occasion, { ids: [duty.id], from: ['confirmed'], to: 'no_show', reason })
    return true
  }

  const ask = (question: Question) => async (assignmentId: string) => {
    await db.transaction(async (tx) => {
      const now = clock.now()
      const [duty] = await attendanceRepository(tx).findDuties([assignmentId])
      if (duty?.state !== question.state) return
      const occasion = { tx, actor: worker(question.task.name), now }
      const policy = (await policiesOf(tx, [duty]))(duty)
      const due = dueAt(question, duty, policy)
      // The policy has become more patient, or the duty was taken on anew.
      if (now < due) return watch(occasion, [question], [assignmentId])
      if (question.task === markNoShow && (await decide(occasion, duty, policy))) return
      // Whoever waits for relief has not forgotten to leave.
      if (question.state === 'serving' && duty.runsOn) return
      await notifications.notify(occasion, [messageOf(question, duty, due)])
    })
  }

  return {
    askCheckIn: ask(COMING[0]!),
    tellCheckIn: ask(COMING[1]!),
    /** The policy's word on who has not come, or the question to those who may say it. */
    markNoShow: ask(COMING[2]!),
    askCheckOut: ask(LEAVING[0]!),
    tellCheckOut: ask(LEAVING[1]!),

    /** Reaction: expects whoever has confirmed, and no longer whoever has come or gone. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      const all = payload.moves.map((move) => move.assignmentId)
      const from = (state: string) => payload.moves.filter((one) => one.from === state).map((one) => one.assignmentId)
      if (payload.to === 'confirmed') return watch(occasion, COMING, all)
      await forget(occasion, COMING, from('confirmed'))
      if (payload.to === 'serving') return watch(occasion, LEAVING, all)
      await forget(occasion, LEAVING, from('serving'))
    },

    /** Reaction: a seat given outside a publication may be confirmed from birth. */
    onAssignmentSeated: (payload: z.output<typeof assignmentSeated.payload>, occasion: Occasion): Promise<void> =>
      watch(occasion, COMING, [payload.assignmentId]),
  }
}
