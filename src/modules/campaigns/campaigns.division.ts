import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { localDay } from '../../time/zones.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { auditCampaign, type CampaignFacts, lockCampaign } from './campaigns.desk.ts'
import { type Division, divideByGrid, divideByLoad, type Hand, type Piece } from './campaigns.division.rules.ts'
import { campaignProblems } from './campaigns.problems.ts'
import { campaignsRepository, type PersonRow, type TaskRow } from './campaigns.repository.ts'
import type { DivideCampaign, ReassignItems } from './campaigns.schemas.ts'
import { LIVE_TASKS, type TaskState } from './campaigns.states.ts'
import type { RoundWatch } from './campaigns.watch.ts'

type Deps = Foundations & {
  organisation: Organisation
  notifications: Pick<Notifications, 'notify'>
  watch: RoundWatch
}

export const taskEntry = (task: TaskRow, unitId: string, from?: TaskState, reason?: string) => ({
  action: `campaign-task.${task.state}`,
  subject: { type: 'campaign-task', id: task.id },
  unitId,
  ...(from ? { from } : {}),
  to: task.state,
  reason,
  facts: { campaignId: task.campaignId, volunteerId: task.volunteerId },
})

/** Who does what: dividing the list, and putting into other hands what somebody cannot do. */
export function createDivision({ db, clock, organisation, notifications, watch }: Deps) {
  async function peopleFor(
    tx: Tx,
    actor: Actor,
    facts: CampaignFacts,
    input: z.output<typeof DivideCampaign>,
    now: Date,
  ) {
    const repository = campaignsRepository(tx)
    const on = localDay(now, facts.zone)
    if (input.unitId) {
      const { path } = await organisation.getUnit(actor, input.unitId, tx)
      return repository.people({ path }, on)
    }
    const ids = [...new Set(input.volunteerIds!)]
    const rows = await repository.people({ ids }, on)
    const known = new Map(rows.map((row) => [row.id, row]))
    const found = findings()
    input.volunteerIds!.forEach((id, index) => {
      const path = known.get(id)?.path
      if (path !== undefined && covers(actor, path)) return
      const detail = `There is nobody ${id} that you may see and that can be asked.`
      found.add(`/body/volunteerIds/${index}`, 'volunteer-unknown', detail)
    })
    found.throwIfAny()
    return rows
  }

  /** Those who have declined or were released are not asked again. */
  async function handsOf(tx: Tx, campaignId: string, people: PersonRow[]): Promise<Hand[]> {
    const repository = campaignsRepository(tx)
    const tasks = new Map((await repository.tasksOf(campaignId)).map(({ task }) => [task.volunteerId, task]))
    const loads = await repository.loads(campaignId)
    return people
      .filter(({ id }) => !tasks.has(id) || LIVE_TASKS.some((state) => state === tasks.get(id)!.state))
      .map(({ id, path, share }) => ({ volunteerId: id, path, share, load: loads.get(tasks.get(id)?.id ?? '') ?? 0 }))
  }

  function told(division: Division, pieces: Piece[], hands: Hand[]) {
    const pathOf = new Map(pieces.map((piece) => [piece.id, piece.path]))
    const itemsOf = Map.groupBy(division.given, ([, volunteerId]) => volunteerId)
    const people = hands.flatMap(({ volunteerId, path }) => {
      const items = itemsOf.get(volunteerId) ?? []
      const near = items.filter(([id]) => pathOf.get(id)!.startsWith(path)).length
      return items.length > 0 ? [{ volunteerId, items: items.length, near }] : []
    })
    return { people, undivided: division.left.length }
  }

  /** Puts items into hands: who has no task of this campaign yet is asked, the others hear that there is more. */
  async function give(
    occasion: Occasion,
    { campaign }: CampaignFacts,
    division: Division,
    { from, impliedFor = new Set() }: { from: string | null; impliedFor?: ReadonlySet<string> },
  ): Promise<void> {
    const { tx, actor, now } = occasion
    const repository = campaignsRepository(tx)
    const known = new Map((await repository.tasksOf(campaign.id)).map(({ task }) => [task.volunteerId, task]))
    const people = [...new Set(division.given.values())].sort()
    const fresh = await repository.insertTasks(
      people
        .filter((id) => !known.has(id))
        .map((volunteerId) => ({
          id: newId(),
          campaignId: campaign.id,
          volunteerId,
          state: impliedFor.has(volunteerId) ? ('accepted' as const) : ('asked' as const),
          askedAt: now,
          decidedAt: impliedFor.has(volunteerId) ? now : null,
        })),
    )
    await audit(tx, actor, now, ...fresh.map((task) => taskEntry(task, campaign.unitId)))
    const tasks = new Map([...[...known.values()], ...fresh].map((task) => [task.volunteerId, task]))
    await repository.handOver(
      [...division.given].map(([item, volunteerId]) => [item, tasks.get(volunteerId)!.id]),
      from,
    )
    const isFresh = new Set(fresh.map((task) => task.id))
    await notifications.notify(
      occasion,
      people.map((volunteerId) => {
        const { id: subjectId, state } = tasks.get(volunteerId)!
        const template = !isFresh.has(subjectId)
          ? 'campaign-more'
          : state === 'asked'
            ? 'campaign-asked'
            : 'campaign-given'
        const which = template === 'campaign-more' ? `:${now.getTime()}` : ''
        return { volunteerId, template, subjectId, purpose: `${template}:${subjectId}${which}` }
      }),
    )
  }

  /** What one task has left to do goes to the others of the campaign, as far as they have room; the unit hears of the rest. */
  async function passOn(occasion: Occasion, facts: CampaignFacts, task: TaskRow, hands: Hand[], only?: Set<string>) {
    const { tx } = occasion
    const { campaign } = facts
    const repository = campaignsRepository(tx)
    const all = await repository.undoneItems(campaign.id, task.id)
    const pieces = only ? all.filter((piece) => only.has(piece.id)) : all
    if (pieces.length === 0) return { people: [], undivided: 0 }
    const division = divideByLoad(pieces, hands, campaign.maxItemsPerPerson ?? undefined)
    await give(occasion, facts, division, { from: task.id })
    if (division.left.length > 0) {
      await repository.handOver(
        division.left.map((id) => [id, null]),
        task.id,
      )
      const items = String(division.left.length)
      const purpose = `campaign-undivided:${task.id}:${occasion.now.getTime()}`
      await notifications.notify(occasion, [
        { unitId: campaign.unitId, template: 'campaign-undivided', subjectId: campaign.id, purpose, params: { items } },
      ])
    }
    const outcome = told(division, pieces, hands)
    await auditCampaign(occasion, campaign, 'items-reassigned', {
      facts: { fromTaskId: task.id, items: pieces.length, undivided: outcome.undivided },
    })
    return outcome
  }

  /** Everybody who is in the campaign, except one. */
  async function others(tx: Tx, campaignId: string, except: string): Promise<Hand[]> {
    const repository = campaignsRepository(tx)
    const loads = await repository.loads(campaignId)
    const tasks = await repository.tasksOf(campaignId)
    return tasks
      .filter(({ task }) => task.id !== except && LIVE_TASKS.some((state) => state === task.state))
      .map(({ task, path, share }) => ({
        volunteerId: task.volunteerId,
        path,
        share,
        load: loads.get(task.id) ?? 0,
      }))
      .sort((a, b) => (a.volunteerId < b.volunteerId ? -1 : 1))
  }

  return {
    async divide(actor: Actor, id: string, input: z.output<typeof DivideCampaign>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const occasion = { tx, actor, now }
        const facts = await lockCampaign(tx, actor, id, ['preparing', 'running'])
        const { campaign } = facts
        const repository = campaignsRepository(tx)
        const people = await peopleFor(tx, actor, facts, input, now)
        const hands = await handsOf(tx, id, people)
        const pieces = await repository.undoneItems(id, null)
        if (pieces.length === 0) throw campaignProblems.nothingToDivide()
        const divide = input.by === 'grid' ? divideByGrid : divideByLoad
        const division = divide(pieces, hands, campaign.maxItemsPerPerson ?? undefined)
        if (division.given.size === 0) throw campaignProblems.nobodyThere()
        const outcome = { preview: input.preview, ...told(division, pieces, hands) }
        if (input.preview) return outcome
        const implied = input.consent === 'implied' ? people.filter((one) => one.personClass !== 'volunteer') : []
        await give(occasion, facts, division, { from: null, impliedFor: new Set(implied.map((one) => one.id)) })
        await auditCampaign(occasion, campaign, 'divided', {
          facts: { by: input.by, items: division.given.size, people: outcome.people.length },
        })
        if (campaign.state === 'preparing') {
          await repository.updateCampaign(id, { state: 'running', updatedAt: now })
          await auditCampaign(occasion, campaign, 'started', { from: 'preparing', to: 'running' })
          await watch.schedule(occasion, campaign, await repository.roundsOf(id))
        }
        return outcome
      })
    },

    async reassign(actor: Actor, id: string, input: z.output<typeof ReassignItems>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const occasion = { tx, actor, now }
        const facts = await lockCampaign(tx, actor, id, ['running'])
        const repository = campaignsRepository(tx)
        const tasks = await repository.tasksOf(id)
        const mine = tasks.find(({ task }) => task.volunteerId === input.fromVolunteerId)?.task
        const found = findings()
        if (!mine) {
          const detail = `${input.fromVolunteerId} has no part in this campaign.`
          found.add('/body/fromVolunteerId', 'not-in-campaign', detail)
        }
        found.throwIfAny()
        const wish = { volunteerIds: input.toVolunteerIds } as z.output<typeof DivideCampaign>
        const hands = input.toVolunteerIds
          ? await handsOf(tx, id, await peopleFor(tx, actor, facts, wish, now))
          : await others(tx, id, mine!.id)
        const able = hands.filter((hand) => hand.volunteerId !== mine!.volunteerId)
        const outcome = await passOn(occasion, facts, mine!, able, input.itemIds && new Set(input.itemIds))
        if (!input.itemIds) {
          const released = await repository.moveTask(mine!.id, LIVE_TASKS, 'released', now)
          if (released) await audit(tx, actor, now, taskEntry(released, facts.campaign.unitId, mine!.state))
        }
        return { preview: false, ...outcome }
      })
    },

    /** The person says yes, or no at any time; then their items go to the others at once. */
    async decide(occasion: Occasion, facts: CampaignFacts, task: TaskRow, to: 'accepted' | 'declined'): Promise<void> {
      const { tx, actor, now } = occasion
      const from: readonly TaskState[] = to === 'accepted' ? ['asked'] : LIVE_TASKS
      const moved = await campaignsRepository(tx).moveTask(task.id, from, to, now)
      if (!moved) return
      await audit(tx, actor, now, taskEntry(moved, facts.campaign.unitId, task.state))
      if (to === 'declined') await passOn(occasion, facts, moved, await others(tx, facts.campaign.id, task.id))
    },
  }
}

export type CampaignDivision = ReturnType<typeof createDivision>
