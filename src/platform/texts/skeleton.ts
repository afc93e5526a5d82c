/** What a source that has texts of its own says. */
export const HAS_TEXTS = /= catalogue(<\w+>)?\(/

/** Names of texts with what a translator has said; null waits for a translation. */
export interface Skeleton {
  [name: string]: string | null | Skeleton
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function grow(whole: object, known: unknown): Skeleton {
  const said = isTree(known) ? known : {}
  const entries = Object.entries(whole).filter(([, own]) => isTree(own) || typeof own === 'string')
  return Object.fromEntries(
    entries.map(([name, own]): [string, Skeleton[string]] => {
      const text = said[name]
      if (isTree(own)) return [name, grow(own, text)]
      return [name, typeof text === 'string' ? text : null]
    }),
  )
}

/** Every name of these rooms, in the order of rooms, with what is translated of them already. */
export const skeletonOf = (rooms: ReadonlyMap<string, object>, known: Skeleton): Skeleton =>
  Object.fromEntries(
    [...rooms]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([room, whole]): [string, Skeleton] => [room, grow(whole, known[room])]),
  )
