import { wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Stage, Week } from '../demo/stage.ts'
import { attendanceDesk } from '../kit/attendance.ts'
import { answerAll, linkTo, signShown, submit } from '../kit/pages.ts'
import { type Duty, dutiesOf, generate, publish, type Roster, type Shift, shiftsOf } from '../kit/rosters.ts'
import type { Units } from '../kit/units.ts'
import { STATION_UNIT } from './district.ts'

const SEATS = { minimum: 2, desired: 2 }

/** The motorway exit: two police, two medical and two volunteers around the clock, in three shifts a day. */
export function openStation(stage: Stage, units: Units, days: Week): Promise<Roster> {
  const { report, api } = stage
  return report.step('The motorway exit: posts, rules, roster', async ({ say }) => {
    const unitId = units.get(STATION_UNIT)!
    const echelons = [{ name: '后备', rule: { unitIds: [units.get('RESERVE')] } }]
    const set = { unitId, name: '出口站后备', kind: 'reserve', echelons }
    const reserveSetIds = [(await api.post<{ id: string }>('/v1/echelon-sets', set)).id]
    const role = (name: string, personClass: string) => ({
      ...{ role: name, ...SEATS, personClasses: [personClass], reserveSetIds },
    })
    const requirements = [role('police', 'police'), role('medical', 'medical'), role('registrar', 'volunteer')]
    const body = { unitId, name: '高速出口', kind: 'checkpoint', priority: 1, requirements }
    const post = await api.post<{ id: string }>('/v1/posts', body)
    const preset = { preset: 'three-shifts', effectiveFrom: days.fromOn, effectiveTo: days.toOn }
    await api.post(`/v1/posts/${post.id}:apply-preset`, preset)
    await api.post('/v1/rules', { unitId, name: 'minimum-rest', params: { minutes: 16 * 60 } })
    const roster = await generate(stage, unitId, days)
    const people = await publish(stage, roster)
    say(`${roster.counts.assigned} of ${roster.counts.slots} seats; ${people} people were asked`)
    return roster
  })
}

interface Asked {
  volunteerId: string
  duties: { assignmentId: string }[]
}

/** All confirm by link but one, whose seat the reserve takes. */
export function confirmStation(stage: Stage, roster: Roster) {
  const { report, api, inbox, time } = stage
  return report.step('The crew answers by link; the reserve fills what is declined', async ({ say }) => {
    const asked = await api.all<Asked>(`/v1/confirmation-requests?rosterId=${roster.id}`)
    const decliner = asked.find(({ duties }) => duties.length === 1)!.volunteerId
    await submit(linkTo(stage, decliner, 'confirmation-request'), { answer: 'decline', reason: 'work' })
    await time.settled()
    const [offer] = inbox.take('offer')
    await submit(offer!.link!, { answer: 'accept' })
    const isOther = (volunteerId: string) => volunteerId !== decliner
    const confirmed = await answerAll(stage, 'confirmation-request', { answer: 'confirm' }, isOther)
    await time.settled()
    const gaps = await api.all<{ state: string }>(`/v1/gaps?rosterId=${roster.id}`)
    const filled = gaps.filter((gap) => gap.state === 'filled').length
    say(`${confirmed} people confirmed, 1 declined; ${filled} of ${gaps.length} gaps filled from the reserve`)
    return { confirmed, filledFromReserve: filled }
  })
}

/** The station's clock: at each change of shift the relief comes, both crews sign, the old crew goes; by link. */
export async function stationClock(stage: Stage, units: Units, days: Week) {
  const shifts = await shiftsOf(stage, units.get(STATION_UNIT)!, days)
  const duties = dutiesOf(shifts)
  const desk = attendanceDesk(stage, () => true)
  const moments = [...new Set(shifts.flatMap((shift) => [shift.startsAt, shift.endsAt]))].sort()
  let next = 0

  const at = (moment: string, edge: 'startsAt' | 'endsAt'): Duty[] =>
    duties.filter(({ shift }) => shift[edge] === moment)

  async function change(moment: string): Promise<void> {
    const { time, inbox } = stage
    const instant = Date.parse(moment)
    await time.advanceTo(new Date(instant - 10 * 60_000))
    await desk.checkIn(at(moment, 'startsAt'))
    await each(inbox.take('handover-due'), ({ link }) =>
      signShown(link!, { situation: '车流平稳', vehiclesIn: '230', peopleIn: '410' }),
    )
    await time.advanceTo(new Date(instant))
    const [relief] = inbox.take('handover-to-sign')
    if (relief) await signShown(relief.link!)
    await desk.checkOut(at(moment, 'endsAt'))
  }

  return {
    counts: desk.counts,
    duties,
    runningAt: (instant: Date): Shift =>
      shifts.find(({ startsAt, endsAt }) => new Date(startsAt) <= instant && instant < new Date(endsAt))!,
    /** Lets time pass until a wall time, with every change of shift on the way. */
    async until(local: string): Promise<void> {
      const target = wallToInstant(local, stage.zone, 'start')
      for (; next < moments.length && new Date(moments[next]!) <= target; next += 1) await change(moments[next]!)
      await stage.time.advanceTo(target)
    },
  }
}
export type StationClock = Awaited<ReturnType<typeof stationClock>>

/** The joint inspection group looks who is there and at the records; what it finds is settled. */
export function inspect(stage: Stage, clock: StationClock): Promise<{ inspections: number; findings: number }> {
  const { report, api, clock: now } = stage
  return report.step('The joint inspection group checks posts and records', async ({ say }) => {
    const shift = clock.runningAt(now.now())
    const present = clock.duties.filter((duty) => duty.shift.id === shift.id).map((duty) => duty.volunteerId)
    const visit = (there: string[], note: string) =>
      api.post<{ result: string; findings: { id: string; kind: string }[] }>('/v1/inspections', {
        ...{ postId: shift.postId, inspectedBy: '联合督查组', present: there, note },
      })
    const [, missing] = [await visit(present, '人员在岗，记录完整'), await visit(present.slice(1), '一人离岗')]
    for (const { id } of missing.findings) {
      await api.post(`/v1/inspection-findings/${id}:settle`, { reason: '临时就医，已补位' })
    }
    const handovers = await api.all<{ id: string }>(`/v1/handovers?postId=${shift.postId}&state=complete`)
    for (const { id } of handovers) await api.post(`/v1/handovers/${id}:look`)
    say(`2 visits, ${missing.findings.length} finding (${missing.findings.map((one) => one.kind).join()}), settled`)
    say(`${handovers.length} handover records looked at`)
    return { inspections: 2, findings: missing.findings.length }
  })
}
