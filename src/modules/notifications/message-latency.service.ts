import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { type LatencyRow, messageLatencyRepository } from './message-latency.repository.ts'
import type { LatencyQuery } from './message-latency.schemas.ts'

export type MessageLatency = ReturnType<typeof createMessageLatency>

const figuresOf = ({ unitId: _, ...figures }: LatencyRow) => {
  const counted = figures.taken + figures.waiting
  return { ...figures, shareOverFiveMinutes: counted === 0 ? null : figures.overFiveMinutes / counted }
}

/** How long messages take from when they are wanted out until a channel takes them. */
export const createMessageLatency = ({
  db,
  clock,
  organisation,
}: Pick<Foundations, 'db' | 'clock'> & { organisation: Organisation }) => ({
  async showLatency(actor: Actor, { unitId, from, to, channel }: z.output<typeof LatencyQuery>) {
    const path = unitId === undefined ? actor.unitPath : (await organisation.getUnit(actor, unitId)).path
    const period = { from: new Date(from), to: new Date(to) }
    const rows = await messageLatencyRepository(db).figures({ ...period, path, channel, now: clock.now() })
    return {
      from: period.from.toISOString(),
      to: period.to.toISOString(),
      total: figuresOf(rows.find((row) => row.unitId === null)!),
      units: rows.flatMap((row) => (row.unitId === null ? [] : [{ unitId: row.unitId, ...figuresOf(row) }])),
    }
  },
})
