import { addLocalDays } from '../../src/time/zones.ts'
import type { Figures, Planned, Setting, Stage } from '../demo/stage.ts'
import { confirmAll, repair } from '../kit/answers.ts'
import { type Entry, keepDiary } from '../kit/diary.ts'
import { download } from '../kit/files.ts'
import { generate, publish, type Roster } from '../kit/rosters.ts'
import { servingEntries, signIncoming, signOutgoing } from '../kit/serving.ts'
import { CHAIN, FIGURES, WEEK, ZONE } from './figures.ts'
import { type Campaign, progressOf, startRounds } from './rounds.ts'
import { type Bureau, setUp } from './setup.ts'
import { obligeZeroReport, reportEntries } from './zero-report.ts'

export const setting: Setting = {
  title: 'Watchbill plays four days of 24-hour duty and zero reports of a bureau for retired cadres.',
  zone: ZONE,
  root: { name: '州老干部局', kind: 'bureau' },
  startsLocal: `${addLocalDays(WEEK.fromOn, -3)}T09:00`,
}

const DECLINERS = 2
const FIVE_MINUTES = 5 * 60_000

/**
 * From the empty house to the exported files; everything goes through the public API and personal links. With two
 * leaders one of them stands every night.
 */
export async function play(before: Stage, leaders: number = FIGURES.leaders): Promise<Figures> {
  const stage: Planned = { ...before, week: WEEK }
  const bureau = await setUp(stage, leaders)
  const { roster, filled } = await planDuty(stage, bureau)
  const obligation = await obligeZeroReport(stage, bureau)
  const rounds = await startRounds(stage, bureau)
  const served = await passDays(stage, Object.values(rounds))
  const reports = await countReports(stage, obligation.id)
  const { followUp, calls, rooms } = rounds
  const bytes = await exportAll(stage)
  return {
    people: bureau.people,
    assignments: roster.counts.assigned,
    declined: DECLINERS,
    filledFromReserve: filled,
    ...served,
    ...reports,
    followedUp: (await progressOf(stage, followUp)).reached,
    calls: (await progressOf(stage, calls)).reached,
    disinfections: (await progressOf(stage, rooms)).reached,
    exportedBytes: bytes,
  }
}

/** Made, published, confirmed by link, and repaired where two people cannot come. */
function planDuty(stage: Planned, { staff }: Bureau): Promise<{ roster: Roster; filled: number }> {
  const { report, rootId, week } = stage
  return report.step(`The roster of ${week.fromOn} to ${week.toOn} is made and confirmed`, async ({ say }) => {
    const roster = await generate(stage, rootId, week)
    const people = await publish(stage, roster)
    let declined = 0
    await confirmAll(stage, (id) => staff.includes(id) && ++declined <= DECLINERS)
    const filled = await repair(stage, roster.id)
    say(`${roster.counts.assigned} seats, ${people} people asked; ${filled} seats went to the reserve`)
    return { roster, filled }
  })
}

function passDays(stage: Planned, campaigns: Campaign[]): Promise<{ checkedInByLink: number; handovers: number }> {
  const { report, api, inbox, rootId } = stage
  return report.step('The days pass: duty, zero reports, telephone calls, disinfection', async ({ say }) => {
    const { desk, shifts, entries } = await servingEntries(stage, rootId)
    const changes = shifts.flatMap(({ startsAt, endsAt }): Entry[] => [
      { at: new Date(Date.parse(endsAt) - FIVE_MINUTES), act: () => signOutgoing(stage) },
      { at: new Date(startsAt), act: () => signIncoming(stage) },
    ])
    await keepDiary(stage, [
      ...entries,
      ...changes,
      ...reportEntries(stage),
      ...campaigns.flatMap((one) => one.entries),
    ])
    const handovers = await api.all<{ state: string }>('/v1/handovers')
    const done = handovers.filter((one) => one.state === 'complete').length
    say(`${desk.counts.byLink} times somebody checked in by link; ${done} handovers were signed by both sides`)
    say(`${inbox.count('report-alarm')} alarms climbed a chain of ${CHAIN.length - 1} people`)
    return { checkedInByLink: desk.counts.byLink, handovers: done }
  })
}

interface Receipt {
  receiver: { name?: string; volunteerId?: string }
  readNewest: boolean
}

interface Board {
  counts: Record<'due' | 'filed' | 'nil' | 'late' | 'filedLate' | 'missing', number>
}

function countReports(stage: Planned, obligationId: string): Promise<Figures> {
  const { report, api, inbox, week } = stage
  return report.step('The board of zero reports', async ({ say }) => {
    const period = `from=${week.fromOn}&to=${week.toOn}&obligationId=${obligationId}`
    const { counts } = await api.get<Board>(`/v1/report-board?${period}`)
    const reports = await api.all<{ id: string }>(`/v1/reports?${period}`)
    const shown = await Promise.all(reports.map(({ id }) => api.get<{ receipts: Receipt[] }>(`/v1/reports/${id}`)))
    // The crews who take over read the reports too, when they sign for the handover.
    const readReceipts = shown
      .flatMap((one) => one.receipts)
      .filter(({ receiver, readNewest }) => receiver.name && readNewest).length
    say(`${counts.nil} nil, ${counts.filed} with content, ${counts.filedLate} late, ${counts.missing} missing`)
    say(`${readReceipts} read receipts of three receivers`)
    return {
      reportsNil: counts.nil,
      reportsFiled: counts.filed,
      reportsLate: counts.filedLate,
      reportsMissing: counts.missing,
      readReceipts,
      alarms: inbox.count('report-alarm'),
    }
  })
}

function exportAll(stage: Planned): Promise<number> {
  const { report, week } = stage
  const period = `from=${week.fromOn}&to=${week.toOn}`
  return report.step('The bureau exports', ({ say }) =>
    download(stage, say, {
      'b-duty-hours.csv': `/v1/exports/duty-hours?${period}&format=csv`,
      'b-duty-hours.xlsx': `/v1/exports/duty-hours?${period}&format=xlsx`,
      'b-service-hours.csv': `/v1/exports/service-hours?${period}&format=csv`,
      'b-service-hours.xlsx': `/v1/exports/service-hours?${period}&format=xlsx`,
      'b-reports.xlsx': `/v1/exports/reports?${period}&format=xlsx`,
      'b-reports.pdf': `/v1/exports/reports?${period}&format=pdf`,
      'b-handovers.csv': `/v1/exports/handovers?${period}&format=csv`,
    }),
  )
}
