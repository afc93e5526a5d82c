import type { CampaignRow, EntryRow, ItemRow, RoundRow, TaskRow } from './campaigns.repository.ts'
import { maskPhone } from './campaigns.rules.ts'

export const campaignSummaryView = (campaign: CampaignRow) => ({
  id: campaign.id,
  unitId: campaign.unitId,
  name: campaign.name,
  kind: campaign.kind,
  instructions: campaign.instructions,
  state: campaign.state,
  maxItemsPerPerson: campaign.maxItemsPerPerson,
  chaseBeforeMinutes: campaign.chaseBeforeMinutes,
  createdAt: campaign.createdAt.toISOString(),
  updatedAt: campaign.updatedAt.toISOString(),
  finishedAt: campaign.finishedAt?.toISOString() ?? null,
  destroyedAt: campaign.destroyedAt?.toISOString() ?? null,
  version: campaign.version,
})

export const campaignView = (campaign: CampaignRow, rounds: RoundRow[]) => ({
  ...campaignSummaryView(campaign),
  rounds: rounds.map(({ id, number, opensAt, deadline }) => ({
    id,
    number,
    opensAt: opensAt.toISOString(),
    deadline: deadline.toISOString(),
  })),
})

export const taskView = (task: TaskRow, volunteerName: string) => ({
  id: task.id,
  campaignId: task.campaignId,
  volunteerId: task.volunteerId,
  volunteerName,
  state: task.state,
  askedAt: task.askedAt.toISOString(),
  decidedAt: task.decidedAt?.toISOString() ?? null,
})

export const entryView = (entry: EntryRow, round: number) => ({
  id: entry.id,
  itemId: entry.itemId,
  round,
  state: entry.state,
  tries: entry.tries,
  note: entry.note,
  markedAt: entry.markedAt?.toISOString() ?? null,
})

interface EntryOfItem {
  entry: EntryRow
  round: number
  volunteerId: string | null
  volunteerName: string | null
}

export const itemView = (item: ItemRow, unitName: string, entries: EntryOfItem[]) => ({
  id: item.id,
  unitId: item.unitId,
  unitName,
  reference: item.reference,
  name: item.name,
  phone: maskPhone(item.phone),
  address: item.address,
  note: item.note,
  createdAt: item.createdAt.toISOString(),
  entries: entries.map(({ entry, round, volunteerId, volunteerName }) => ({
    id: entry.id,
    round,
    state: entry.state,
    tries: entry.tries,
    note: entry.note,
    markedAt: entry.markedAt?.toISOString() ?? null,
    taskId: entry.taskId,
    volunteerId,
    volunteerName,
  })),
})
