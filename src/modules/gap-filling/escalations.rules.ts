/** The level above the last one told; the lowest for the first; undefined at the top. `chain` runs from below up. */
export function levelAfter(chain: readonly string[], lastUnitId: string | undefined): string | undefined {
  if (lastUnitId === undefined) return chain[0]
  const at = chain.indexOf(lastUnitId)
  return at < 0 ? undefined : chain[at + 1]
}

/** Enough people have not answered for one seat that those responsible should hear of it while the search goes on. */
export const isLapsing = (lapses: number, policy: { escalateAfterLapses: number | null }): boolean =>
  policy.escalateAfterLapses !== null && lapses >= policy.escalateAfterLapses
