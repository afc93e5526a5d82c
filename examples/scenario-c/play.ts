import { wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import { table } from '../demo/report.ts'
import type { Figures, Setting, Stage, Week } from '../demo/stage.ts'
import { attendanceDesk } from '../kit/attendance.ts'
import { download } from '../kit/files.ts'
import { answerAll, callInSick, linkTo, signShown, submit } from '../kit/pages.ts'
import { idsOf } from '../kit/people.ts'
import { type Duty, dutiesOf, generate, publish, type Roster, shiftsOf } from '../kit/rosters.ts'
import { type Built, buildPosts, enterCounty, speakTibetan } from './build.ts'
import { type County, FIGURES, makeCounty, STATION_UNIT, TASKS } from './county.ts'
import { fileLate, fileReports, obligeToReport, readReports } from './reports.ts'

export const setting: Setting = {
  title:
    'A pastoral county: stations relieved by whole crews, five tasks in 24 grids, three daily reports, two languages.',
  zone: 'Asia/Shanghai',
  root: { name: '牧区县指挥部', kind: 'county' },
  startsLocal: '2022-08-14T09:00',
}

const STATION_DAYS: Week = { fromOn: '2022-08-16', toOn: '2022-08-18' }
const TASK_DAYS: Week = { fromOn: '2022-08-16', toOn: '2022-08-18' }
const TIBETAN = /[\u0f00-\u0fff]/

export async function play(stage: Stage): Promise<Figures> {
  const county = makeCounty(stage.seed)
  const entered = await enterCounty(stage, county)
  await speakTibetan(stage)
  const built = await buildPosts(stage, county, entered, { stations: STATION_DAYS, tasks: TASK_DAYS })
  const obligations = await obligeToReport(stage, county, built, STATION_DAYS)
  const rosters = await planDuty(stage, built)
  const languages = await confirm(stage, county, built)
  const announced = await announce(stage, county, built)
  const filled = await fallIll(stage, county, built)
  const served = await serve(stage, built)
  const bytes = await exportAll(stage, rosters)
  const counts = await boardOf(stage)
  return {
    stations: county.stations.length,
    crews: FIGURES.crews,
    crewMembers: county.stations.flatMap(({ crews }) => crews.flat()).length,
    tasks: TASKS.length,
    cadres: county.cadres.length,
    grids: built.taskPostIds.length,
    medical: county.medical.length,
    teams: county.teams.length,
    seats: rosters.reduce((sum, roster) => sum + roster.counts.assigned, 0),
    ...languages,
    ...announced,
    filledFromReserve: filled,
    ...served,
    obligations,
    ...counts,
    exportedBytes: bytes,
    seconds: stage.report.secondsSoFar(),
  }
}

const at = (stage: Stage, local: string) => stage.time.advanceTo(wallToInstant(local, stage.zone, 'start'))

function planDuty(stage: Stage, { units }: Built): Promise<Roster[]> {
  return stage.report.step('The service makes two rosters, and they are published', async ({ say }) => {
    const rosters: Roster[] = []
    for (const [code, days] of [
      [STATION_UNIT, STATION_DAYS],
      ['VILLAGES', TASK_DAYS],
    ] as const) {
      const roster = await generate(stage, units.get(code)!, days)
      const people = await publish(stage, roster)
      say(`${code}: ${roster.counts.assigned} of ${roster.counts.slots} seats, ${people} people were told`)
      rosters.push(roster)
    }
    return rosters
  })
}

/** Crews confirm by link; cadres and medical staff would say so if they could not come. */
function confirm(
  stage: Stage,
  county: County,
  { register }: Built,
): Promise<{ confirmed: number; inTibetan: number; inChinese: number }> {
  const { report, inbox } = stage
  return report.step('People answer by link, each asked in their own language', async ({ say }) => {
    const asked = inbox.all().filter((message) => message.template === 'confirmation-request')
    const inTibetan = asked.filter((message) => TIBETAN.test(message.text)).length
    const crews = new Set(
      idsOf(
        register,
        county.stations.flatMap((station) => station.crews.flat()),
      ),
    )
    const isOfCrews = (volunteerId: string) => crews.has(volunteerId)
    const confirmed = await answerAll(stage, 'confirmation-request', { answer: 'confirm' }, isOfCrews)
    await at(stage, '2022-08-15T09:30')
    say(`${asked.length} people were told, ${inTibetan} of them in Tibetan; ${confirmed} of the crews confirmed`)
    return { confirmed, inTibetan, inChinese: asked.length - inTibetan }
  })
}

/** One notice in both languages, one in Chinese alone; all but three of the crews press "I have read this". */
function announce(stage: Stage, county: County, { crewIds, register }: Built) {
  const { report, api, rootId, inbox, time } = stage
  return report.step('Notices go out in two languages', async ({ say }) => {
    const sources = crewIds.map((crewId) => ({ kind: 'crew', crewId }))
    const send = (texts: object, of: object[]) =>
      api.post<{ id: string }>('/v1/announcements', { unitId: rootId, texts, audience: { sources: of } })
    const both = await send(
      {
        zh: { title: '值班须知', text: '请携带证件，提前十五分钟到岗。' },
        bo: { title: 'གསལ་བརྡ།', text: 'ལག་ཁྱེར་འཁྱེར་རོགས། ཐུགས་རྗེ་ཆེ།' },
      },
      sources,
    )
    await time.settled()
    const told = inbox.take('announcement')
    await each(told.slice(3), ({ link }) => submit(link!, { answer: 'acknowledge', revision: '1' }))
    const clerks = idsOf(register, county.clerks)
    await send({ zh: { title: '报表须知', text: '每日18时前报送。' } }, [{ kind: 'people', volunteerIds: clerks }])
    await time.settled()
    await each(inbox.take('announcement'), ({ link }) => submit(link!, { answer: 'acknowledge', revision: '1' }))
    const { counts } = await api.get<{ counts: { recipients: number; acknowledged: number } }>(
      `/v1/announcements/${both.id}`,
    )
    say(`${counts.acknowledged} of ${counts.recipients} crew members have said that they have read it`)
    return { announced: counts.recipients, acknowledged: counts.acknowledged }
  })
}

/** A crew member falls ill the evening before; the first team that is asked sends somebody. */
function fallIll(stage: Stage, county: County, { register, units }: Built): Promise<number> {
  const { report, api, inbox, time } = stage
  return report.step('A crew member falls ill and the reserve fills the seat', async ({ say }) => {
    await at(stage, '2022-08-15T18:00')
    const members = new Set(
      idsOf(
        register,
        county.stations[0]!.crews.flatMap((crew) => crew.slice(1)),
      ),
    )
    const shifts = await shiftsOf(stage, units.get(STATION_UNIT)!, STATION_DAYS)
    const ill = dutiesOf(shifts).find(
      ({ volunteerId, shift }) => members.has(volunteerId) && shift.localDay === STATION_DAYS.fromOn,
    )!
    inbox.take('offer')
    await callInSick(linkTo(stage, ill.volunteerId, 'confirmation-request'), ill.assignmentId)
    await time.settled()
    const offer = inbox.take('offer').find(({ text }) => text.includes(ill.shift.postName))
    await submit(offer!.link!, { answer: 'accept' })
    await time.settled()
    const gaps = await api.all<{ state: string }>('/v1/gaps')
    const filled = gaps.filter((gap) => gap.state === 'filled').length
    say(`${filled} of ${gaps.length} gaps filled: ${ill.shift.postName}, ${ill.shift.localDay}`)
    return filled
  })
}

const isOfCrew = ({ role }: Duty) => role !== 'medical' && !(TASKS as readonly string[]).includes(role)

/** The days pass: crews come and go by link, hand over in writing, and every evening the reports come in. */
function serve(stage: Stage, { units }: Built) {
  const { report, rootId, inbox, time } = stage
  const desk = attendanceDesk(stage, isOfCrew)
  return report.step('The days pass', async ({ say }) => {
    const shifts = [
      ...(await shiftsOf(stage, units.get(STATION_UNIT)!, STATION_DAYS)),
      ...(await shiftsOf(stage, units.get('VILLAGES')!, TASK_DAYS)),
    ]
    const duties = dutiesOf(shifts)
    const on = (local: string, edge: 'startsAt' | 'endsAt') => {
      const instant = wallToInstant(local, stage.zone, 'start').getTime()
      return duties.filter(({ shift }) => Date.parse(shift[edge]) === instant)
    }
    let readReceipts = 0
    for (const day of ['2022-08-16', '2022-08-17', '2022-08-18']) {
      await at(stage, `${day}T07:46`)
      const writing = inbox.take('handover-due')
      await at(stage, `${day}T07:50`)
      await desk.checkIn(on(`${day}T08:00`, 'startsAt'))
      await each(writing, ({ link }) =>
        signShown(link!, { situation: '过往车辆登记完毕', peopleIn: '42', vehiclesIn: '17' }),
      )
      await at(stage, `${day}T08:00`)
      await each(oneEach(inbox.take('handover-to-sign')), (link) => signShown(link))
      await desk.checkOut(on(`${day}T08:00`, 'endsAt'))
      if (day < STATION_DAYS.toOn) readReceipts += await reportsOf(day)
      await at(stage, `${day}T18:00`)
      await desk.checkOut(on(`${day}T18:00`, 'endsAt'))
    }
    await time.settled()
    const handovers = await stage.api.all<{ state: string }>(`/v1/handovers?unitId=${rootId}`)
    const complete = handovers.filter((one) => one.state === 'complete').length
    say(`${desk.counts.byLink} duties were checked in by link, ${desk.counts.byOrganizer} by the organizer`)
    say(`${complete} of ${handovers.length} handovers are signed by both crews`)
    return { served: duties.length, byLink: desk.counts.byLink, handovers: complete, readReceipts }
  })

  /** On the first day one report comes late and one not at all. */
  async function reportsOf(day: string): Promise<number> {
    inbox.take('report-reminder')
    await at(stage, `${day}T17:10`)
    const { kept } = await fileReports(stage, day === STATION_DAYS.fromOn ? 2 : 0)
    await at(stage, `${day}T18:00`)
    if (kept[0]) {
      await at(stage, `${day}T18:10`)
      await fileLate(kept[0])
    }
    await time.settled()
    return readReports(stage)
  }

  /** One of several people who were sent the same. */
  function oneEach(messages: { subject: string; text: string; link?: string }[]): string[] {
    const byWords = new Map(messages.map((message) => [postIn(message.text), message.link!]))
    return [...byWords.values()]
  }
}

/** A message says which post it is about; those of one post are about one handover. */
const postIn = (text: string): string => text.replace(/^[^，,།]*[，,།]/, '').replace(/https?:\S+/g, '')

function boardOf({ report, api }: Stage) {
  return report.step('The board of the three reports', async ({ say }) => {
    const { fromOn, toOn } = STATION_DAYS
    const rows = await api.all<{ unitName: string; day: string; counts: Record<string, number> }>(
      `/v1/report-board?from=${fromOn}&to=${toOn}`,
    )
    const sum = (day: string, name: string) =>
      rows.filter((row) => row.day === day).reduce((all, row) => all + row.counts[name]!, 0)
    const names = ['filed', 'nil', 'filedLate', 'missing', 'due'] as const
    const days = [...new Set(rows.map((row) => row.day))].sort()
    for (const line of table([
      ['day', ...names],
      ...days.map((day) => [day, ...names.map((n) => String(sum(day, n)))]),
    ]))
      say(line)
    const all = (name: string) => days.reduce((total, day) => total + sum(day, name), 0)
    return { filed: all('filed'), nil: all('nil'), filedLate: all('filedLate'), missing: all('missing') }
  })
}

function exportAll(stage: Stage, [stations]: Roster[]): Promise<number> {
  const period = `from=${STATION_DAYS.fromOn}&to=${TASK_DAYS.toOn}`
  return stage.report.step('The organizer exports', ({ say }) =>
    download(stage, say, {
      'c-stations.pdf': `/v1/rosters/${stations!.id}/files?format=pdf`,
      'c-stations.xlsx': `/v1/rosters/${stations!.id}/files?format=xlsx`,
      'c-service-hours.csv': `/v1/exports/service-hours?${period}&format=csv`,
      'c-duty-hours.xlsx': `/v1/exports/duty-hours?${period}&format=xlsx`,
      'c-handovers.csv': `/v1/exports/handovers?${period}&format=csv`,
      'c-reports.csv': `/v1/exports/reports?${period}&format=csv`,
      'c-reports.pdf': `/v1/exports/reports?${period}&format=pdf`,
      'c-people.xlsx': '/v1/exports/people?format=xlsx',
      'c-summary.csv': `/v1/exports/summaries?${period}&by=unit&format=csv`,
      'c-hours.svg': `/v1/summaries/charts/post.svg?${period}`,
    }),
  )
}
