import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { auditCampaign, getCampaign, lockCampaign } from './campaigns.desk.ts'
import { createDivision } from './campaigns.division.ts'
import { createItems } from './campaigns.items.ts'
import { createMarking } from './campaigns.marking.ts'
import { campaignProblems } from './campaigns.problems.ts'
import { createProgress } from './campaigns.progress.ts'
import { campaignsRepository } from './campaigns.repository.ts'
import type { CampaignList, CampaignPatch, DestroyItems, NewCampaign, NewRound, TaskList } from './campaigns.schemas.ts'
import { campaigns as campaignsTable, campaignTasks } from './campaigns.tables.ts'
import { campaignSummaryView, campaignView, taskView } from './campaigns.views.ts'
import { createRoundWatch } from './campaigns.watch.ts'

export type Campaigns = ReturnType<typeof createCampaigns>

export interface CampaignsDeps extends Foundations {
  organisation: Organisation
  notifications: Pick<Notifications, 'notify'>
}

/**
 * Lists of people and places to be reached, in rounds. Promises: an item is in one person's hands in each round, it is
 * theirs only when they have said yes, whatever somebody leaves goes to others at once, and when personal data is
 * destroyed the counts stay.
 */
export function createCampaigns(deps: CampaignsDeps) {
  const { db, clock, organisation } = deps
  const watch = createRoundWatch(deps)
  const division = createDivision({ ...deps, watch })
  const repository = campaignsRepository(db)

  return {
    ...createItems(deps),
    ...createMarking({ ...deps, division }),
    ...createProgress(deps),
    divide: division.divide,
    reassign: division.reassign,
    chaseRound: watch.chaseRound,
    endRound: watch.endRound,

    async createCampaign(actor: Actor, { rounds, ...fields }: z.output<typeof NewCampaign>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        await organisation.getUnit(actor, fields.unitId, tx)
        const times = rounds.map(({ opensAt, deadline }) => ({
          opensAt: opensAt ? new Date(opensAt) : now,
          deadline: new Date(deadline),
        }))
        const found = findings()
        times.forEach((round, index) => {
          if (round.deadline > now && round.deadline > round.opensAt) return
          found.add(
            `/body/rounds/${index}/deadline`,
            'deadline-past',
            'This deadline is over, or before the round begins.',
          )
        })
        found.throwIfAny()
        const repo = campaignsRepository(tx)
        const campaign = await repo.insertCampaign({ ...fields, createdAt: now, updatedAt: now })
        const made = await repo.insertRounds(
          times.map((round, index) => ({ ...round, campaignId: campaign.id, number: index + 1 })),
        )
        await auditCampaign({ tx, actor, now }, campaign, 'created', {
          to: 'preparing',
          facts: { name: campaign.name, rounds: made.length },
        })
        return campaignView(campaign, made)
      })
    },

    async showCampaign(actor: Actor, id: string) {
      const { campaign } = await getCampaign(db, actor, id)
      return campaignView(campaign, await repository.roundsOf(id))
    },

    async listCampaigns(actor: Actor, query: z.output<typeof CampaignList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await repository.listCampaigns(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(campaignsTable.state, query.state) : undefined,
        ],
        keyset(query, { createdAt: campaignsTable.createdAt, name: campaignsTable.name }, campaignsTable.id),
      )
      return toPage(
        query,
        rows.map((row) => row.campaign),
        (row, sort) => (sort === 'name' ? row.name : row.createdAt),
        campaignSummaryView,
      )
    },

    async updateCampaign(actor: Actor, id: string, version: number, patch: z.output<typeof CampaignPatch>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { campaign } = await lockCampaign(tx, actor, id, ['preparing', 'running'])
        const repo = campaignsRepository(tx)
        const after = await repo.updateCampaign(id, { ...patch, updatedAt: now }, version)
        if (!after) throw stale(campaign.version)
        await auditCampaign({ tx, actor, now }, after, 'changed', { facts: { fields: Object.keys(patch) } })
        return campaignView(after, await repo.roundsOf(id))
      })
    },

    /** One more round over the same items, each with whoever has it now. */
    async addRound(actor: Actor, id: string, input: z.output<typeof NewRound>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { campaign } = await lockCampaign(tx, actor, id, ['preparing', 'running'])
        const repo = campaignsRepository(tx)
        const [opensAt, deadline] = [input.opensAt ? new Date(input.opensAt) : now, new Date(input.deadline)]
        const found = findings()
        if (deadline <= now || deadline <= opensAt) {
          found.add('/body/deadline', 'deadline-past', 'This deadline is over, or before the round begins.')
        }
        found.throwIfAny()
        const rounds = await repo.roundsOf(id)
        const [round] = await repo.insertRounds([{ campaignId: id, number: rounds.length + 1, opensAt, deadline }])
        const holders = await repo.holdersOf(rounds.at(-1)!.id)
        const base = { campaignId: id, roundId: round!.id, createdAt: now }
        await repo.insertEntries(holders.map(({ itemId, taskId }) => ({ ...base, id: newId(), itemId, taskId })))
        const occasion = { tx, actor, now }
        await auditCampaign(occasion, campaign, 'round-added', { facts: { round: round!.number } })
        if (campaign.state === 'running') await watch.schedule(occasion, campaign, [round!])
        return campaignView(campaign, [...rounds, round!])
      })
    },

    async listTasks(actor: Actor, id: string, query: z.output<typeof TaskList>) {
      await getCampaign(db, actor, id)
      const rows = await repository.listTasks(
        [eq(campaignTasks.campaignId, id), query.state ? eq(campaignTasks.state, query.state) : undefined],
        keyset(query, { askedAt: campaignTasks.askedAt }, campaignTasks.id),
      )
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.task.id })),
        ({ task }) => task.askedAt,
        ({ task, name }) => taskView(task, name),
      )
    },

    /** What somebody has said by phone. */
    async decideTask(actor: Actor, id: string, to: 'accepted' | 'declined') {
      return db.transaction(async (tx) => {
        const repo = campaignsRepository(tx)
        const found = await repo.findTask(id)
        assertCovers(actor, found?.unitPath, () => campaignProblems.taskUnknown(id))
        const facts = await lockCampaign(tx, actor, found!.campaign.id, ['running'])
        const { task } = (await repo.findTask(id))!
        await division.decide({ tx, actor, now: clock.now() }, facts, task, to)
        const after = (await repo.findTask(id))!
        return taskView(after.task, after.person.name)
      })
    },

    async chase(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const { campaign } = await lockCampaign(tx, actor, id, ['running'])
        return { people: await watch.chaseNow({ tx, actor, now: clock.now() }, campaign) }
      })
    },

    async finish(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { campaign } = await lockCampaign(tx, actor, id, ['preparing', 'running'])
        const repo = campaignsRepository(tx)
        const after = (await repo.updateCampaign(id, { state: 'finished', finishedAt: now, updatedAt: now }))!
        await auditCampaign({ tx, actor, now }, after, 'finished', { from: campaign.state, to: 'finished' })
        return campaignView(after, await repo.roundsOf(id))
      })
    },

    /** Destroys what is personal of a finished campaign; who did how much, and what came of it, stays as numbers. */
    async destroyItems(actor: Actor, id: string, { reason }: z.output<typeof DestroyItems>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        await lockCampaign(tx, actor, id, ['finished'])
        const repo = campaignsRepository(tx)
        await repo.destroyItems(id)
        const after = (await repo.updateCampaign(id, { destroyedAt: now, updatedAt: now }))!
        await auditCampaign({ tx, actor, now }, after, 'items-destroyed', { reason })
        return campaignView(after, await repo.roundsOf(id))
      })
    },
  }
}
