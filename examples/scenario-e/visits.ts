import { each } from '../demo/api.ts'
import type { Stage, Week } from '../demo/stage.ts'
import { answerAll, linkTo, openPage, submit } from '../kit/pages.ts'
import { idsOf, type Register } from '../kit/people.ts'
import type { Units } from '../kit/units.ts'
import { type District, FIGURES } from './district.ts'

interface Keeping {
  postId: string
  volunteerId: string
}

export interface VisitPlan {
  id: string
  divided: { sites: number; people: number; most: number; least: number }
  accepted: number
}

/** 103 liaisons take 146 companies and 18 building sites for the whole period, each asked once. */
export function divideSites(
  stage: Stage,
  { sites, liaisons }: District,
  units: Units,
  register: Register,
  { fromOn, toOn }: Week,
): Promise<VisitPlan> {
  const { report, api, rootId, time } = stage
  return report.step(
    'Liaisons take companies and building sites, to be visited every day at 09:00',
    async ({ say }) => {
      await each(sites, ({ unitCode, ...site }) => api.post('/v1/posts', { ...site, unitId: units.get(unitCode) }))
      const { id } = await api.post<{ id: string }>('/v1/visit-plans', {
        ...{ unitId: rootId, name: '一对一联络', startTime: '09:00', fromOn, toOn },
        ...{ chaseAfterMinutes: 60, alarmAfterMinutes: 180 },
      })
      const wish = { postKinds: ['company', 'building site'], volunteerIds: idsOf(register, liaisons) }
      const divided = await api.post<VisitPlan['divided']>(`/v1/visit-plans/${id}:divide`, wish)
      await time.settled()
      const accepted = await answerAll(stage, 'standing-duties', { step: 'accept', subject: id })
      say(`${divided.sites} sites for ${divided.people} liaisons, ${divided.least} or ${divided.most} each`)
      say(`${accepted} people said yes by link, once for the whole period`)
      return { id, divided, accepted }
    },
  )
}

const FORM = /name="step" value="visit"><input type="hidden" name="subject" value="([^"]+)"/g

/** At nine each liaison reports on one page; three forget, are chased, and are missing in the end. */
export function payVisits(stage: Stage, { id }: VisitPlan, until: (local: string) => Promise<void>, day: string) {
  const { report, api, inbox } = stage
  return report.step(`${day}: visits`, async ({ say }) => {
    await until(`${day}T09:05`)
    const kept = await api.all<Keeping>(`/v1/standing-duties?planId=${id}&state=active`)
    const people = [...new Set(kept.map((one) => one.volunteerId))]
    await each(people.slice(FORGETFUL), async (volunteerId) => {
      const link = linkTo(stage, volunteerId, 'standing-duties')
      const due = [...(await openPage(link)).matchAll(FORM)].map((one) => one[1]!)
      for (const subject of due) await submit(link, { step: 'visit', subject, answer: 'done', note: '', minutes: '30' })
    })
    const [reporter] = people.slice(-1)
    const link = linkTo(stage, reporter!, 'standing-duties')
    const subject = [...(await openPage(link)).matchAll(FORM)][0]![1]!
    await submit(link, { step: 'visit', subject, answer: 'problem', note: '缺少消毒液', minutes: '20' })
    await until(`${day}T12:10`)
    const { counts } = await api.get<{ counts: Record<string, number> }>(`/v1/visit-plans/${id}/day?day=${day}`)
    say(`${counts.done} visits done, ${counts.problem} with a problem, ${counts.missing} missing`)
    say(`${inbox.count('visits-missing')} people were chased, ${inbox.count('visits-alarm')} alarm went up`)
    return { visitsDone: counts.done!, visitsWithProblem: counts.problem!, visitsMissing: counts.missing! }
  })
}

const FORGETFUL = 3

interface Team {
  id: string
  reference: string
  state: string
  team: { id: string; role: string; volunteerId: string; state: string; toOn: string | null }[]
  openRoles: string[]
}

/** A team of five for each person in home monitoring; one member is replaced, one case ends with its team. */
export function openCases(stage: Stage, units: Units, gridCodes: readonly string[]) {
  const { report, api, time } = stage
  return report.step('Five-in-one teams begin with their cases', async ({ say }) => {
    const cases: Team[] = []
    for (let n = 0; n < FIGURES.cases; n += 1) {
      const unitId = units.get(gridCodes[(n * 3) % gridCodes.length]!)
      const reference = `HM-${String(n + 1).padStart(3, '0')}`
      cases.push(await api.post<Team>('/v1/cases', { unitId, reference, place: `${n + 1}号楼` }))
    }
    await time.settled()
    const asked = cases.flatMap((one) => one.team.map((duty) => ({ caseId: one.id, ...duty })))
    await each(asked, ({ caseId, volunteerId }) =>
      submit(linkTo(stage, volunteerId, 'standing-duties'), { step: 'accept', subject: caseId }),
    )
    const people = new Set(asked.map((one) => one.volunteerId)).size
    say(`${cases.length} cases, ${people} people said yes, five for each case`)
    return { cases, people }
  })
}

/** Teams change one by one and end with their case. */
export function changeTeams(stage: Stage, cases: readonly Team[]): Promise<{ replaced: number; closed: number }> {
  const { report, api, time } = stage
  return report.step('One member is replaced; a case is over and its team with it', async ({ say }) => {
    const [first, second] = cases
    const medic = first!.team.find((duty) => duty.role === 'medical worker')!
    const { next } = await api.post<{ next: { volunteerId: string; displayName: string } | null }>(
      `/v1/standing-duties/${medic.id}:replace`,
      { reason: '调回医院' },
    )
    await time.settled()
    const subject = first!.id
    await submit(linkTo(stage, next!.volunteerId, 'standing-duties'), { step: 'accept', subject })
    const closed = await api.post<Team>(`/v1/cases/${second!.id}:close`, { reason: '十四天期满' })
    const ended = closed.team.filter((duty) => duty.state === 'ended').length
    say(`${first!.reference}: ${next!.displayName} takes over; ${second!.reference} is closed, ${ended} duties ended`)
    return { replaced: 1, closed: 1 }
  })
}
