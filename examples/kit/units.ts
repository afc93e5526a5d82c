import { each } from '../demo/api.ts'
import type { Stage } from '../demo/stage.ts'

export interface PlannedUnit {
  code: string
  /** null: directly below the root. */
  parentCode: string | null
  kind: string
  name: string
  responsibles?: { name: string; title: string; phone?: string; email?: string }[]
}

/** Codes of units and their ids. */
export type Units = ReadonlyMap<string, string>

/** Enters units level by level, parents first. */
export async function enterUnits({ api, rootId }: Stage, units: readonly PlannedUnit[]): Promise<Units> {
  const ids = new Map<string, string>()
  for (let rest = [...units]; rest.length > 0; ) {
    const ready = rest.filter(({ parentCode }) => parentCode === null || ids.has(parentCode))
    const made = await each(ready, ({ parentCode, ...unit }) =>
      api.post<{ id: string }>('/v1/units', { ...unit, parentId: parentCode === null ? rootId : ids.get(parentCode) }),
    )
    for (const [index, { code }] of ready.entries()) ids.set(code, made[index]!.id)
    rest = rest.filter(({ code }) => !ids.has(code))
  }
  return ids
}

/** What the root unit decides for all below it, and who answers for it. */
export async function describeRoot({ api, rootId }: Stage, patch: object): Promise<void> {
  const { etag } = await api.call('GET', `/v1/units/${rootId}`)
  await api.call('PATCH', `/v1/units/${rootId}`, patch, { ifMatch: etag })
}
