import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, linkHolder } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { findLink, holdLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { CampaignFacts } from './campaigns.desk.ts'
import type { CampaignDivision } from './campaigns.division.ts'
import { campaignProblems } from './campaigns.problems.ts'
import {
  campaignsRepository,
  type EntryRow,
  type ItemRow,
  type RoundRow,
  type TaskRow,
} from './campaigns.repository.ts'
import { markRefusal, roundToWork, triesAfter, undoneRounds } from './campaigns.rules.ts'
import type { MarkEntry, PageForm } from './campaigns.schemas.ts'
import type { EntryState } from './campaigns.states.ts'
import { entryView } from './campaigns.views.ts'
import { entriesRepository } from './entries.repository.ts'

export const PAGE_ITEMS = 8

export interface TaskPage {
  facts: CampaignFacts
  task: TaskRow
  person: { name: string; locale: Locale }
  rounds: RoundRow[]
  round: RoundRow
  begun: boolean
  entries: { entry: EntryRow; item: ItemRow; unitName: string }[]
  page: number
  pages: number
  total: number
  finished: number
  notice: 'choose' | 'refused' | undefined
}

export type FormOutcome = { again: true } | { page: TaskPage; status: number }
interface Where {
  round?: number | undefined
  page?: number | undefined
}

/** Marking what became of items, by the page of whoever has them and by the API. */
export function createMarking({ db, clock, division }: Foundations & { division: CampaignDivision }) {
  /** A mark and its audit row; the same mark sent twice is made once. */
  async function mark(
    occasion: Occasion,
    { entry, campaign }: { entry: EntryRow; campaign: CampaignFacts['campaign'] },
    { state, note, by }: { state: EntryState; note: string | null | undefined; by: string },
  ): Promise<EntryRow> {
    const { tx, actor, now } = occasion
    const after = await entriesRepository(tx).updateEntry(entry.id, {
      state,
      tries: triesAfter(entry, state),
      note: note === undefined ? entry.note : note,
      markedBy: by,
      markedAt: now,
      history: entry.markedAt
        ? [...entry.history, { state: entry.state, at: entry.markedAt.toISOString(), by: entry.markedBy! }]
        : entry.history,
    })
    await audit(tx, actor, now, {
      action: 'campaign-entry.marked',
      subject: { type: 'campaign-entry', id: entry.id },
      unitId: campaign.unitId,
      from: entry.state,
      to: state,
      facts: { campaignId: campaign.id, tries: after.tries },
    })
    return after
  }

  async function load(handle: Handle, taskId: string, where: Where, now: Date): Promise<TaskPage | undefined> {
    const repository = campaignsRepository(handle)
    const entries = entriesRepository(handle)
    const found = await repository.findTask(taskId)
    if (!found) return undefined
    const { task, person, campaign, unitPath, unitName, zone } = found
    const rounds = await repository.roundsOf(campaign.id)
    const asked = rounds.find((one) => one.number === where.round)
    const standing = await entries.standingOf(task.id)
    const round = asked ?? roundToWork(rounds, undoneRounds(standing), now)!
    const { total, finished } = standing.get(round.id) ?? { total: 0, finished: 0 }
    const pages = Math.max(1, Math.ceil(total / PAGE_ITEMS))
    const page = Math.min(Math.max(where.page ?? 1, 1), pages)
    // Names and phones are for whoever has said yes, while there is something to do.
    const open = task.state === 'accepted' && campaign.state === 'running' && campaign.destroyedAt === null
    return {
      facts: { campaign, unitPath, unitName, zone },
      task,
      person,
      rounds,
      round,
      begun: round.opensAt <= now,
      entries: open ? await entries.entriesOfTask(task.id, round.id, (page - 1) * PAGE_ITEMS, PAGE_ITEMS) : [],
      page,
      pages,
      total,
      finished,
      notice: undefined,
    }
  }

  async function answer(
    tx: Tx,
    shown: TaskPage,
    form: z.output<typeof PageForm>,
    occasion: Occasion,
  ): Promise<TaskPage['notice']> {
    const { task, facts } = shown
    if (form.do === 'accept' || form.do === 'decline') {
      // In the order in which divisions lock, so that nobody waits in a circle.
      await campaignsRepository(tx).lockCampaign(facts.campaign.id)
      if (facts.campaign.state !== 'running') return 'refused'
      await division.decide(occasion, facts, task, form.do === 'accept' ? 'accepted' : 'declined')
      return undefined
    }
    const entry = form.do && form.entry ? await entriesRepository(tx).lockEntry(form.entry) : undefined
    if (!entry || entry.taskId !== task.id || !form.do) return 'choose'
    const round = shown.rounds.find((one) => one.id === entry.roundId)!
    if (markRefusal({ campaign: facts.campaign.state, task: task.state, round }, occasion.now)) return 'refused'
    const seen = form.tries === undefined || form.tries === entry.tries
    if (!seen && form.do === entry.state) return undefined
    const note = form.note === undefined ? undefined : form.note || null
    await mark(
      occasion,
      { entry, campaign: facts.campaign },
      { state: form.do, note, by: `volunteer:${task.volunteerId}` },
    )
    return undefined
  }

  return {
    async openLink(secret: string, where: Where): Promise<TaskPage | undefined> {
      const link = await findLink(db, secret, 'campaign', clock.now())
      return link && load(db, link.subjectId, where, clock.now())
    },

    async answerLink(
      secret: string,
      where: Where,
      form: z.output<typeof PageForm>,
      requestId: string,
    ): Promise<FormOutcome | undefined> {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const link = await holdLink(tx, secret, 'campaign', now)
        const shown = link && (await load(tx, link.subjectId, where, now))
        if (!shown) return undefined
        const notice = await answer(tx, shown, form, { tx, actor: linkHolder(link.id, requestId), now })
        if (!notice) return { again: true }
        return { page: { ...shown, notice }, status: notice === 'choose' ? 400 : 409 }
      })
    },

    /** By an organizer, for whoever called in. */
    async markEntry(actor: Actor, id: string, { state, note }: z.output<typeof MarkEntry>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const repository = campaignsRepository(tx)
        const entry = await entriesRepository(tx).lockEntry(id)
        const found = entry && (await repository.findCampaign(entry.campaignId))
        assertCovers(actor, found?.unitPath, () => campaignProblems.entryUnknown(id))
        const round = (await repository.findRound(entry!.roundId))!
        const task = entry!.taskId ? (await repository.findTask(entry!.taskId))!.task.state : null
        const refusal = markRefusal({ campaign: found!.campaign.state, task, round }, now)
        if (refusal) throw campaignProblems.refused(refusal)
        const by = `${actor.kind}:${actor.id}`
        const after = await mark({ tx, actor, now }, { entry: entry!, campaign: found!.campaign }, { state, note, by })
        return entryView(after, round.number)
      })
    },
  }
}
