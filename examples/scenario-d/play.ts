import { addLocalDays } from '../../src/time/zones.ts'
import { table } from '../demo/report.ts'
import type { Figures, Planned, Setting, Stage } from '../demo/stage.ts'
import { confirmAll, repair } from '../kit/answers.ts'
import { keepDiary } from '../kit/diary.ts'
import { download } from '../kit/files.ts'
import { type Duty, dutiesOf, generate, publish, type Roster, shiftsOf } from '../kit/rosters.ts'
import { servingEntries } from '../kit/serving.ts'
import { announcementEntries } from './announcement.ts'
import { type CallOuts, callEntries, tallyOf } from './calls.ts'
import { VICE_PRESIDENT, WEEK, ZONE } from './figures.ts'
import { enterPosts, type Posts } from './posts.ts'
import { type Chain, chainEntries, obligeChain } from './report-chain.ts'
import { type College, setUp } from './setup.ts'
import { spotCheckEntries } from './spot-checks.ts'

export const setting: Setting = {
  title: 'Watchbill plays a college in August: duty of the day, a report chain, two teams and two call-outs.',
  zone: ZONE,
  root: { name: '河东区', kind: 'district' },
  startsLocal: `${addLocalDays(WEEK.fromOn, -3)}T09:00`,
}

/** From the empty house to the exported files; everything goes through the public API and personal links. */
export async function play(before: Stage): Promise<Figures> {
  const stage: Planned = { ...before, week: WEEK }
  const college = await setUp(stage)
  const posts = await enterPosts(stage, college)
  const { roster, filled } = await planDuty(stage, college)
  const chain = await obligeChain(stage, college, posts)
  const days = await passDays(stage, college, posts)
  const reports = await countReports(stage, chain)
  const bytes = await exportAll(stage, roster)
  return {
    assignments: roster.counts.assigned,
    filledFromReserve: filled,
    dutiesDuringLeave: await countDuringLeave(stage, college),
    ...days,
    ...reports,
    exportedBytes: bytes,
  }
}

/** Made, published and confirmed by link; one of the community team cannot come and is replaced on every day. */
function planDuty(stage: Planned, { units, groups }: College): Promise<{ roster: Roster; filled: number }> {
  const { report, week } = stage
  return report.step(`The roster of ${week.fromOn} to ${week.toOn} is made and confirmed`, async ({ say }) => {
    const roster = await generate(stage, units.get('COL')!, week)
    const people = await publish(stage, roster)
    await confirmAll(stage, (volunteerId) => volunteerId === groups.community.at(-1))
    const filled = await repair(stage, roster.id)
    say(`${roster.counts.assigned} seats, ${people} people asked; ${filled} seats went to the reserve`)
    return { roster, filled }
  })
}

/** The duty room checks in by link, and so does the vice president; the teams are ticked off by their leaders. */
const comesByLink = (posts: Posts) => (duty: Duty) =>
  duty.shift.postId === posts.dutyRoom || duty.role === VICE_PRESIDENT

function passDays(stage: Planned, college: College, posts: Posts): Promise<Figures> {
  const { report, inbox } = stage
  const opened: CallOuts = new Map()
  return report.step('The days pass: duty, reports, call-outs, acknowledgments, spot checks', async ({ say }) => {
    const { desk, entries } = await servingEntries(stage, college.units.get('COL')!, comesByLink(posts))
    const announcement = announcementEntries(stage, college)
    await keepDiary(stage, [
      ...entries,
      ...chainEntries(stage, college),
      ...(await callEntries(stage, college, opened)),
      ...announcement.entries,
      ...spotCheckEntries(stage, college, posts),
    ])
    const [flood, village] = [await tallyOf(stage, opened, 'flood'), await tallyOf(stage, opened, 'village')]
    const rows = [flood, village].map(({ wanted, asked, coming, silent }) =>
      [wanted, asked, coming, silent].map(String),
    )
    for (const line of table([['wanted', 'asked', 'coming', 'silent'], ...rows])) say(line)
    const heard = await announcement.read()
    say(
      `${heard.acknowledged} of ${heard.recipients} people have acknowledged; ${heard.missing} missing, named to those responsible`,
    )
    return {
      checkedInByLink: desk.counts.byLink,
      checkedInByLeader: desk.counts.byOrganizer,
      floodCalled: flood.asked,
      floodComing: flood.coming,
      villageWanted: village.wanted,
      villageComing: village.coming,
      recipients: heard.recipients,
      acknowledged: heard.acknowledged,
      reminded: inbox.count('announcement-reminder'),
      escalated: inbox.count('announcement-overdue'),
    }
  })
}

interface Board {
  counts: Record<'filed' | 'filedLate' | 'missing', number>
}

function countReports({ report, api, inbox, week }: Planned, { wholeId, partIds }: Chain): Promise<Figures> {
  const period = `from=${week.fromOn}&to=${week.toOn}`
  const board = async (id: string) => (await api.get<Board>(`/v1/report-board?${period}&obligationId=${id}`)).counts
  return report.step('The board of reports', async ({ say }) => {
    const whole = await board(wholeId)
    const parts = await Promise.all(partIds.map(board))
    const sum = (key: keyof Board['counts']) => parts.reduce((total, one) => total + one[key], 0)
    const figures = {
      reportsUpward: whole.filed,
      departmentReports: sum('filed'),
      departmentLate: sum('filedLate'),
      departmentMissing: sum('missing'),
      chased: inbox.count('report-chase'),
    }
    for (const line of table([Object.keys(figures), Object.values(figures).map(String)])) say(line)
    return figures
  })
}

/** How many duties somebody has while on leave; none, when availability matters. */
async function countDuringLeave(stage: Planned, { units, leave }: College): Promise<number> {
  const duties = dutiesOf(await shiftsOf(stage, units.get('COL')!, stage.week))
  return duties.filter(({ volunteerId, shift }) => {
    const away = leave.get(volunteerId)
    return (
      away &&
      Date.parse(shift.startsAt) < Date.parse(away.endsAt) &&
      Date.parse(away.startsAt) < Date.parse(shift.endsAt)
    )
  }).length
}

function exportAll(stage: Planned, roster: Roster): Promise<number> {
  const { report, week } = stage
  const period = `from=${week.fromOn}&to=${week.toOn}`
  return report.step('The college exports', ({ say }) =>
    download(stage, say, {
      'd-roster.xlsx': `/v1/rosters/${roster.id}/files?format=xlsx`,
      'd-roster.pdf': `/v1/rosters/${roster.id}/files?format=pdf`,
      'd-duty-hours.csv': `/v1/exports/duty-hours?${period}&format=csv`,
      'd-duty-hours.xlsx': `/v1/exports/duty-hours?${period}&format=xlsx`,
      'd-service-hours.csv': `/v1/exports/service-hours?${period}&format=csv`,
      'd-service-hours.xlsx': `/v1/exports/service-hours?${period}&format=xlsx`,
      'd-reports.csv': `/v1/exports/reports?${period}&format=csv`,
    }),
  )
}
