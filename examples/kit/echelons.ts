import type { Stage } from '../demo/stage.ts'

interface EchelonSet {
  id: string
  echelons: { id: string }[]
}

/** A set of echelons of the root unit, each with its members by hand; the id of the set. */
export async function enterSet(
  { api, rootId }: Stage,
  set: { name: string; kind: 'specialist' | 'reserve' },
  echelons: { name: string; volunteerIds: string[] }[],
  fromOn: string,
): Promise<string> {
  const names = echelons.map(({ name }) => ({ name }))
  const made = await api.post<EchelonSet>('/v1/echelon-sets', { unitId: rootId, ...set, echelons: names })
  for (const [index, { volunteerIds }] of echelons.entries()) {
    await api.post(`/v1/echelons/${made.echelons[index]!.id}/members`, { volunteerIds, fromOn })
  }
  return made.id
}
