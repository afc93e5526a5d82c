import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { EscalationRow } from './escalations.repository.ts'
import { type GapRow, gapFillingRepository } from './gap-filling.repository.ts'
import type { OfferRow } from './offers.repository.ts'
import type { CascadeRow } from './searches.repository.ts'

export interface GapEntry {
  gapId: string
  change: Change
}

const entry = (gapId: string, type: string, id: string, to: string, from?: string, reason?: string): GapEntry => ({
  gapId,
  change: { action: `${type}.${from ? to : 'opened'}`, subject: { type, id }, from, to, reason },
})

export const gapEntry = ({ id, state, slotId, cause }: GapRow, from?: string, reason?: string): GapEntry => {
  const { gapId, change } = entry(id, 'gap', id, state, from, reason)
  return { gapId, change: { ...change, facts: { slotId, cause } } }
}

export const cascadeEntry = ({ id, gapId, state }: CascadeRow, from?: string, reason?: string): GapEntry =>
  entry(gapId, 'cascade', id, state, from, reason)

export const offerEntry = ({ id, gapId, state, volunteerId }: OfferRow, from?: string, reason?: string): GapEntry => {
  const { change } = entry(gapId, 'offer', id, state, from, reason)
  return { gapId, change: { ...change, facts: { gapId, volunteerId } } }
}

export const escalationEntry = ({ id, gapId, state, level, unitId }: EscalationRow, from?: string): GapEntry => {
  const { change } = entry(gapId, 'escalation', id, state, from)
  return { gapId, change: { ...change, facts: { gapId, level, toldUnitId: unitId } } }
}

/** Something that was said about a gap or an offer, and that leaves its state as it is. */
export const noteOn = (
  gapId: string,
  subject: Change['subject'],
  said: string,
  more: Pick<Change, 'reason' | 'facts'> = {},
): GapEntry => ({ gapId, change: { action: `${subject.type}.${said}`, subject, ...more } })

/** One audit row for each change, at the unit whose roster it concerns. */
export async function auditGaps({ tx, actor, now }: Occasion, entries: GapEntry[]): Promise<void> {
  if (entries.length === 0) return
  const unitOf = await gapFillingRepository(tx).unitsOfGaps([...new Set(entries.map((one) => one.gapId))])
  await audit(tx, actor, now, ...entries.map(({ gapId, change }) => ({ ...change, unitId: unitOf.get(gapId) })))
}
