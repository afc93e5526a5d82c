import { stepsBetween } from '../organisation/tree.rules.ts'

export interface Site {
  id: string
  unitPath: string
}

export interface Keeper {
  id: string
  unitPath: string
  /** Sites kept already. */
  load: number
}

/** How many each may keep at the end, so that nobody has two more than another who could have taken one. */
function levelOf(loads: number[], sites: number): number {
  let level = Math.max(0, ...loads)
  const room = (limit: number) => loads.reduce((sum, load) => sum + Math.max(0, limit - load), 0)
  while (level > 0 && room(level - 1) >= sites) level -= 1
  while (room(level) < sites) level += 1
  return level
}

/**
 * Divides sites among people: as evenly as can be, counting what they keep already, and each as near to home as that
 * allows. Equal facts give equal divisions. Returns the keeper of each site; empty when there is nobody.
 */
export function divide(sites: Site[], keepers: Keeper[]): Map<string, string> {
  const keeperOf = new Map<string, string>()
  if (keepers.length === 0) return keeperOf
  const inOrder = keepers.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const load = new Map(inOrder.map((keeper) => [keeper.id, keeper.load]))
  const far = distances(sites, inOrder)
  const level = levelOf([...load.values()], sites.length)
  const pairs = sites
    .flatMap((site) => inOrder.map((keeper) => ({ site: site.id, keeper: keeper.id, steps: far(site.id, keeper.id) })))
    .sort((a, b) => a.steps - b.steps || (a.site < b.site ? -1 : a.site > b.site ? 1 : a.keeper < b.keeper ? -1 : 1))
  for (const limit of [level - 1, level]) {
    for (const { site, keeper } of pairs) {
      if (keeperOf.has(site) || load.get(keeper)! >= limit) continue
      keeperOf.set(site, keeper)
      load.set(keeper, load.get(keeper)! + 1)
    }
  }
  exchange(
    sites.map((site) => site.id),
    keeperOf,
    far,
  )
  return keeperOf
}

function distances(sites: Site[], keepers: Keeper[]): (site: string, keeper: string) => number {
  const pathOf = new Map([...sites, ...keepers].map((one) => [one.id, one.unitPath]))
  const known = new Map<string, number>()
  return (site, keeper) => {
    const [from, to] = [pathOf.get(site)!, pathOf.get(keeper)!]
    const key = `${from} ${to}`
    const steps = known.get(key) ?? stepsBetween(from, to)
    known.set(key, steps)
    return steps
  }
}

/** Two keepers exchange sites while that brings both together nearer; loads stay as they are. */
function exchange(ids: string[], keeperOf: Map<string, string>, far: (site: string, keeper: string) => number): void {
  const order = ids.toSorted()
  for (let better = true; better; ) {
    better = false
    for (const [i, a] of order.entries()) {
      for (const b of order.slice(i + 1)) {
        const [one, other] = [keeperOf.get(a)!, keeperOf.get(b)!]
        if (far(a, other) + far(b, one) >= far(a, one) + far(b, other)) continue
        keeperOf.set(a, other)
        keeperOf.set(b, one)
        better = true
      }
    }
  }
}
