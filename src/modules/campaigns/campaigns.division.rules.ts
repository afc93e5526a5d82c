import { compareLocal as compareText } from '../../time/zones.ts'

/** Somebody who can take items on. */
export interface Hand {
  volunteerId: string
  /** Path of the home unit. */
  path: string
  /** Target share of the load compared with the others; more than 0. */
  share: number
  /** Items they have in hand already. */
  load: number
}

/** Something to be given to one person, at a place in the tree of units. */
export interface Piece {
  id: string
  path: string
}

export interface Division {
  /** Item to volunteer. */
  given: Map<string, string>
  /** Items that nobody has room for. */
  left: string[]
}

interface Supply {
  id: string
  path: string
  room: number
  /** Rooms at the beginning, to fill everybody evenly. */
  quota: number
}

const SMALLEST_SHARE = 0.01
const parentOf = (path: string): string => path.replace(/[^/]+\/$/, '')

/**
 * How many more pieces each hand gets of `count`, so that load by share is as even as it can be: each piece goes to
 * whoever would have the least with it. Ties go by id, so that the same facts give the same answer.
 */
export function fairQuotas(hands: Hand[], count: number, most = Number.POSITIVE_INFINITY): Map<string, number> {
  const quotas = new Map(hands.map((hand) => [hand.volunteerId, 0]))
  const after = (hand: Hand) => (hand.load + quotas.get(hand.volunteerId)! + 1) / Math.max(hand.share, SMALLEST_SHARE)
  const order = (a: Hand, b: Hand) => after(a) - after(b) || compareText(a.volunteerId, b.volunteerId)
  const queue = hands.filter((hand) => hand.load < most).sort(order)
  for (let n = 0; n < count && queue.length > 0; n += 1) {
    const hand = queue.shift()!
    quotas.set(hand.volunteerId, quotas.get(hand.volunteerId)! + 1)
    if (hand.load + quotas.get(hand.volunteerId)! >= most) continue
    // The queue stays sorted: the hand goes back behind all who would have no more than it.
    let [low, high] = [0, queue.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(queue[middle]!, hand) < 0) low = middle + 1
      else high = middle
    }
    queue.splice(low, 0, hand)
  }
  return quotas
}

/**
 * Brings pieces and hands together on the tree of units from its leaves to its root: whatever meets in a lower unit
 * stays there. As distances are those of a tree, no other way gives a smaller sum of distances for the same quotas.
 */
function meet(supply: Supply[], pieces: Piece[]): Map<string, string> {
  const given = new Map<string, string>()
  const waiting = Map.groupBy(pieces, (piece) => piece.path)
  const offered = Map.groupBy(supply, (one) => one.path)
  const depthOf = (path: string) => path.split('/').length
  const known = new Set<string>(['/'])
  for (const start of [...waiting.keys(), ...offered.keys()]) {
    for (let path = start; path !== '/' && path !== '' && !known.has(path); path = parentOf(path)) known.add(path)
  }
  const upwards = [...known].sort((a, b) => depthOf(b) - depthOf(a) || compareText(a, b))
  for (const path of upwards) {
    const here = (offered.get(path) ?? []).filter((one) => one.room > 0)
    const open = (waiting.get(path) ?? []).toSorted((a, b) => compareText(a.id, b.id))
    const rest = spread(here, open, given)
    if (path === '/') break
    const up = parentOf(path)
    waiting.set(up, [...(waiting.get(up) ?? []), ...rest])
    offered.set(up, [...(offered.get(up) ?? []), ...here.filter((one) => one.room > 0)])
  }
  return given
}

/** Gives pieces to those who have the largest part of their quota left; returns what is over. */
function spread(here: Supply[], open: Piece[], given: Map<string, string>): Piece[] {
  const order = (a: Supply, b: Supply) => b.room / b.quota - a.room / a.quota || compareText(a.id, b.id)
  const queue = here.toSorted(order)
  let taken = 0
  for (; taken < open.length && queue.length > 0; taken += 1) {
    const one = queue.shift()!
    given.set(open[taken]!.id, one.id)
    one.room -= 1
    if (one.room === 0) continue
    const at = queue.findIndex((other) => order(one, other) < 0)
    queue.splice(at < 0 ? queue.length : at, 0, one)
  }
  return open.slice(taken)
}

/** Divides pieces evenly, each person's as near to their own unit as can be. Deterministic. */
export function divideByLoad(pieces: Piece[], hands: Hand[], most?: number): Division {
  const quotas = fairQuotas(hands, pieces.length, most)
  const supply = hands.map(({ volunteerId, path }) => {
    const quota = quotas.get(volunteerId)!
    return { id: volunteerId, path, room: quota, quota }
  })
  const given = meet(
    supply.filter((one) => one.quota > 0),
    pieces,
  )
  return { given, left: pieces.filter((piece) => !given.has(piece.id)).map((piece) => piece.id) }
}

/**
 * Sends every person to one grid: each grid has at least one, more where there is more to do, and people stay as near
 * to their own grid as these numbers allow. Only where there are no fewer people than grids.
 */
export function sendToGrids(grids: { path: string; weight: number }[], hands: Hand[]): Map<string, string> {
  const sorted = grids.toSorted((a, b) => compareText(a.path, b.path))
  const seats = new Map(sorted.map((grid) => [grid.path, 1]))
  const need = (grid: { path: string; weight: number }) => grid.weight / (seats.get(grid.path)! + 1)
  for (let n = grids.length; n < hands.length; n += 1) {
    const neediest = sorted.reduce((best, grid) => (need(grid) > need(best) ? grid : best))
    seats.set(neediest.path, seats.get(neediest.path)! + 1)
  }
  const places = sorted.flatMap(({ path }) =>
    Array.from({ length: seats.get(path)! }, (_, n) => ({ id: `${path}#${n}`, path })),
  )
  const supply = hands.map(({ volunteerId, path }) => ({ id: volunteerId, path, room: 1, quota: 1 }))
  const met = meet(supply, places)
  return new Map([...met].map(([place, volunteerId]) => [volunteerId, place.slice(0, place.indexOf('#'))]))
}

/** Divides by grid: people are sent to grids, then each grid's pieces are shared among its people. */
export function divideByGrid(pieces: Piece[], hands: Hand[], most?: number): Division {
  const byGrid = Map.groupBy(pieces, (piece) => piece.path)
  if (hands.length < byGrid.size) return divideByLoad(pieces, hands, most)
  const grids = [...byGrid].map(([path, list]) => ({ path, weight: list.length }))
  const gridOf = sendToGrids(grids, hands)
  const teams = Map.groupBy(hands, (hand) => gridOf.get(hand.volunteerId))
  const parts = [...byGrid].map(([path, list]) => divideByLoad(list, teams.get(path) ?? [], most))
  return {
    given: new Map(parts.flatMap((part) => [...part.given])),
    left: parts.flatMap((part) => part.left),
  }
}
