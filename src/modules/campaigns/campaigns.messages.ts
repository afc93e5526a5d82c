import type { Handle } from '../../platform/db/client.ts'
import { instantInWords, type Tongue } from '../../time/words.ts'
import { defineTemplate, type MessageRow } from '../notifications/notifications.types.ts'
import { campaignsRepository } from './campaigns.repository.ts'
import { undoneRounds } from './campaigns.rules.ts'
import { LIVE_TASKS } from './campaigns.states.ts'
import { type CampaignTexts, TEXTS } from './campaigns.texts.ts'
import { entriesRepository } from './entries.repository.ts'

export const CAMPAIGN_PATH = '/t'
/** After the last deadline the page can still be looked at, and late results noted. */
const GRACE_MS = 7 * 86_400_000

type MessageName = keyof CampaignTexts['messages']
const textsOf = (name: MessageName) => ({
  zh: TEXTS.zh.messages[name],
  en: TEXTS.en.messages[name],
  bo: TEXTS.bo.messages[name],
})

const shortOf = (name: keyof CampaignTexts['shorts']) => ({
  zh: TEXTS.zh.shorts[name],
  en: TEXTS.en.shorts[name],
  bo: TEXTS.bo.shorts[name],
})

interface TaskToTell {
  campaign: string
  unit: string
  zone: string
  deadline: Date
  round: number
  count: number
  left: number
}

async function loadTask(handle: Handle, message: MessageRow) {
  const repository = campaignsRepository(handle)
  const found = await repository.findTask(message.subjectId)
  if (found?.campaign.state !== 'running' || !LIVE_TASKS.some((state) => state === found.task.state)) return undefined
  const rounds = await repository.roundsOf(found.campaign.id)
  const standing = await entriesRepository(handle).standingOf(found.task.id)
  const undone = undoneRounds(standing)
  const round =
    rounds.find((one) => one.id === message.params.roundId) ?? rounds.find((one) => undone.has(one.id)) ?? rounds[0]!
  const { total: count, finished } = standing.get(round.id) ?? { total: 0, finished: 0 }
  const facts: TaskToTell = {
    campaign: found.campaign.name,
    unit: found.unitName,
    zone: found.zone,
    deadline: round.deadline,
    round: round.number,
    count,
    left: count - finished,
  }
  const expiresAt = new Date(Math.max(...rounds.map((one) => one.deadline.getTime())) + GRACE_MS)
  const link = { purpose: 'campaign' as const, subjectId: found.task.id, expiresAt, path: CAMPAIGN_PATH }
  return { facts, link, state: found.task.state }
}

const words = ({ zone, deadline, round, count, left, campaign, unit }: TaskToTell, tongue: Tongue) => ({
  campaign,
  unit,
  round: String(round),
  count: String(count),
  left: String(left),
  deadline: instantInWords(deadline, zone, tongue),
})

/** Told while it still holds; somebody who has not answered yet is asked again instead of being reminded. */
const toPerson = (name: keyof CampaignTexts['shorts']) =>
  defineTemplate<TaskToTell>({
    async load(handle, message) {
      const loaded = await loadTask(handle, message)
      if (!loaded) return undefined
      const { facts, link, state } = loaded
      if (name !== 'campaign-asked' && facts.left === 0) return undefined
      const asked = state === 'asked' && name !== 'campaign-asked' ? { as: 'campaign-asked' } : {}
      return { facts, link, notAfter: facts.deadline, ...asked }
    },
    words,
    texts: textsOf(name),
    short: shortOf(name),
  })

const toUnit = (name: MessageName) =>
  defineTemplate<Record<string, string>>({
    async load(handle, message) {
      const found = await campaignsRepository(handle).findCampaign(message.subjectId)
      return found && { facts: { ...message.params, campaign: found.campaign.name } }
    },
    words: (facts) => facts,
    texts: textsOf(name),
  })

export const campaignTemplates = {
  'campaign-asked': toPerson('campaign-asked'),
  'campaign-given': toPerson('campaign-given'),
  'campaign-more': toPerson('campaign-more'),
  'campaign-chase': toPerson('campaign-chase'),
  'campaign-overdue': toUnit('campaign-overdue'),
  'campaign-undivided': toUnit('campaign-undivided'),
}
