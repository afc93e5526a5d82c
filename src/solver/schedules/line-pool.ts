/** Lines kept for one person. */
const MOST_LINES = 100

/** Whole lines that were cheap at the last prices, for each person: a rework of whole lines starts from them. */
export class LinePool {
  readonly #lines = new Map<number, readonly Int8Array[]>()

  of(person: number): readonly Int8Array[] {
    return this.#lines.get(person) ?? []
  }

  /** Keeps the first of these lines, no two alike, in place of those kept before. `ranked`: best first. */
  keep(person: number, ranked: readonly Int8Array[]): void {
    const different = new Map<string, Int8Array>()
    for (const line of ranked) {
      if (different.size === MOST_LINES) break
      const key = line.join()
      if (!different.has(key)) different.set(key, line)
    }
    this.#lines.set(person, [...different.values()])
  }
}
