import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { auditCampaign } from './campaigns.desk.ts'
import { chaseRound, endRound } from './campaigns.jobs.ts'
import { type CampaignRow, campaignsRepository, type RoundRow } from './campaigns.repository.ts'
import { entriesRepository } from './entries.repository.ts'
import { progressRepository } from './progress.repository.ts'

const MINUTE_MS = 60_000
const PAUSE_MS = 30 * MINUTE_MS

/** Deadlines of rounds: reminders before, and the word to the unit when a round is over with something left. */
export function createRoundWatch({
  db,
  clock,
  notifications,
}: Foundations & { notifications: Pick<Notifications, 'notify'> }) {
  async function tell(occasion: Occasion, round: RoundRow, which: string): Promise<number> {
    const tasks = await entriesRepository(occasion.tx).tasksWithWork(round.id)
    await notifications.notify(
      occasion,
      tasks.map((task) => ({
        volunteerId: task.volunteerId,
        template: 'campaign-chase',
        subjectId: task.id,
        purpose: `campaign-chase:${task.id}:${round.id}:${which}`,
        params: { roundId: round.id },
      })),
    )
    return tasks.length
  }

  return {
    async schedule({ tx, now }: Occasion, campaign: CampaignRow, rounds: RoundRow[]): Promise<void> {
      const reminders = rounds.flatMap(({ id, opensAt, deadline }) =>
        campaign.chaseBeforeMinutes
          .map((minutes) => ({
            payload: { roundId: id, minutes },
            key: `${id}/${minutes}`,
            dueAt: new Date(deadline.getTime() - minutes * MINUTE_MS),
          }))
          .filter(({ dueAt }) => dueAt > now && dueAt > opensAt),
      )
      await schedule(tx, chaseRound, reminders, now)
      const ends = rounds
        .filter(({ deadline }) => deadline > now)
        .map(({ id, deadline }) => ({ payload: { roundId: id }, key: id, dueAt: deadline }))
      await schedule(tx, endRound, ends, now)
    },

    /** Task: reminds those who have something left to do in a round. */
    chaseRound: (roundId: string, minutes: number): Promise<void> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const round = await campaignsRepository(tx).findRound(roundId)
        const found = round && (await campaignsRepository(tx).findCampaign(round.campaignId))
        if (found?.campaign.state !== 'running' || now >= round!.deadline) return
        await tell({ tx, actor: worker(chaseRound.name), now }, round!, String(minutes))
      }),

    /** Task: the round is over; the unit hears what is left. */
    endRound: (roundId: string): Promise<void> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const round = await campaignsRepository(tx).findRound(roundId)
        const found = round && (await campaignsRepository(tx).findCampaign(round.campaignId))
        if (found?.campaign.state !== 'running' || now < round!.deadline) return
        if (!(await campaignsRepository(tx).endRound(roundId, now))) return
        const { campaign } = found
        const counts = (await progressRepository(tx).byRound(campaign.id, now)).find(
          (one) => one.number === round!.number,
        )
        const left = counts?.overdue ?? 0
        const occasion = { tx, actor: worker(endRound.name), now }
        await auditCampaign(occasion, campaign, 'round-ended', { facts: { round: round!.number, left } })
        if (left === 0) return
        await notifications.notify(occasion, [
          {
            unitId: campaign.unitId,
            template: 'campaign-overdue',
            subjectId: campaign.id,
            purpose: `campaign-overdue:${round!.id}`,
            params: { round: String(round!.number), left: String(left) },
          },
        ])
      }),

    /** By hand: reminds everybody who has something left in a round that has begun, once in half an hour. */
    async chaseNow(occasion: Occasion, campaign: CampaignRow): Promise<number> {
      const rounds = await campaignsRepository(occasion.tx).roundsOf(campaign.id)
      const pause = Math.floor(occasion.now.getTime() / PAUSE_MS)
      const begun = rounds.filter((round) => round.opensAt <= occasion.now)
      const people = new Set<string>()
      for (const round of begun) {
        const tasks = await entriesRepository(occasion.tx).tasksWithWork(round.id)
        const fresh = tasks.filter((task) => !people.has(task.id))
        for (const task of fresh) people.add(task.id)
        await notifications.notify(
          occasion,
          fresh.map((task) => ({
            volunteerId: task.volunteerId,
            template: 'campaign-chase',
            subjectId: task.id,
            purpose: `campaign-chase:${task.id}:hand:${pause}`,
            params: { roundId: round.id },
          })),
        )
      }
      return people.size
    },
  }
}

export type RoundWatch = ReturnType<typeof createRoundWatch>
