/** What the demo prints: numbered steps with figures, tables, progress and the time each step took. */

export interface Step {
  say(line: string): void
  /** Shows how far something long has come. */
  progress(share: number, what: string): void
}

export type Report = ReturnType<typeof createReport>

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/

/** Columns a text takes in a terminal; Chinese characters take two. */
export const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (WIDE.test(one) ? 2 : 1), 0)
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Rows of equal length as aligned columns; the first row is the header. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [lines[0]!, rule, ...lines.slice(1)]
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
export const count = (number: number): string => number.toLocaleString('en')

const BAR = 24
const bar = (share: number) => '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░')

export function createReport(out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>) {
  const started = performance.now()
  let steps = 0

  /** On a terminal one line that changes, elsewhere one line at the end. */
  function progressOn(): Step['progress'] & { end(): void } {
    let open = false
    const show = (share: number, what: string) => {
      if (!out.isTTY) return
      open = share < 1
      out.write(
        `\r    ${bar(share)} ${String(Math.round(share * 100)).padStart(3)} %  ${what}\x1b[K${open ? '' : '\n'}`,
      )
    }
    const end = () => {
      if (open) out.write('\n')
      open = false
    }
    return Object.assign(show, { end })
  }

  return {
    secondsSoFar: () => Math.round((performance.now() - started) / 100) / 10,
    say: (line = '') => out.write(`${line}\n`),

    /** One numbered step; its work says what happened. */
    async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
      steps += 1
      const began = performance.now()
      const progress = progressOn()
      out.write(`\n${String(steps).padStart(2)}  ${title}\n`)
      const say = (line: string) => {
        progress.end()
        out.write(`    ${line}\n`)
      }
      const result = await work({ say, progress })
      say(`(${seconds(performance.now() - began)})`)
      return result
    },
  }
}
