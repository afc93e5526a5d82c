import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { campaignProblems } from './campaigns.problems.ts'
import { type CampaignRow, campaignsRepository } from './campaigns.repository.ts'
import type { CampaignState } from './campaigns.states.ts'

export interface CampaignFacts {
  campaign: CampaignRow
  unitPath: string
  unitName: string
  zone: string
}

/** The campaign, or the problem "unknown" when there is none or the actor may not see it. */
export async function getCampaign(handle: Handle, actor: Actor, id: string): Promise<CampaignFacts> {
  const found = await campaignsRepository(handle).findCampaign(id)
  assertCovers(actor, found?.unitPath, () => campaignProblems.campaignUnknown(id))
  return found!
}

/** The campaign, held until the end of the transaction, in one of these states. */
export async function lockCampaign(
  tx: Tx,
  actor: Actor,
  id: string,
  states: readonly CampaignState[],
): Promise<CampaignFacts> {
  const facts = await getCampaign(tx, actor, id)
  const campaign = (await campaignsRepository(tx).lockCampaign(id))!
  if (campaign.destroyedAt) throw campaignProblems.destroyed()
  if (!states.includes(campaign.state)) throw campaignProblems.notInState(campaign.state, states.join(' or '))
  return { ...facts, campaign }
}

export const auditCampaign = (
  { tx, actor, now }: Occasion,
  { id, unitId }: Pick<CampaignRow, 'id' | 'unitId'>,
  action: string,
  change: { from?: string; to?: string; reason?: string; facts?: Record<string, unknown> } = {},
): Promise<void> =>
  audit(tx, actor, now, { action: `campaign.${action}`, subject: { type: 'campaign', id }, unitId, ...change })
