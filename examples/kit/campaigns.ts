import { openPage, submit, valuesOf } from './pages.ts'

export interface Progress {
  items: number
  total: number
  reached: number
  refused: number
  not_reached: number
  finished: number
  overdue: number
  undivided: number
}

/** Reads one person's list of a round, page after page; `mark` says what became of each entry, if anything. */
export async function workThrough(
  link: string,
  round: number,
  mark: (number: number) => string | undefined,
): Promise<number> {
  let read = 0
  for (let page = 1; ; page += 1) {
    const query = `?round=${round}&page=${page}`
    const shown = await openPage(link, query)
    const [entries, tries] = [valuesOf(shown, 'entry'), valuesOf(shown, 'tries')]
    for (const [index, entry] of entries.entries()) {
      const state = mark(read)
      if (state) await submit(link, { do: state, entry, tries: tries[index]! }, query)
      read += 1
    }
    if (!shown.includes(`page=${page + 1}"`)) return read
  }
}
