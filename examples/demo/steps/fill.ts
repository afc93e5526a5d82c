import { instantToWall, wallToInstant } from '../../../src/time/zones.ts'
import { react, type Tally } from '../reactions.ts'
import { count, table } from '../report.ts'
import type { Planned, Stage } from '../stage.ts'

export interface Gap {
  id: string
  state: 'open' | 'filled' | 'closed'
  cause: string
}

export const gapsOf = ({ api }: Stage, rosterId: string): Promise<Gap[]> =>
  api.all<Gap>(`/v1/gaps?rosterId=${rosterId}`)

const STEP_MINUTES = 15

/** The search goes on, wave by wave and echelon by echelon, until every seat has somebody. */
export function fillGaps(stage: Planned, rosterId: string): Promise<void> {
  const { report, time, clock, inbox, zone, week } = stage
  return report.step('The reserve fills the gaps', async ({ say, progress }) => {
    const tally: Record<string, Tally> = {}
    const latest = wallToInstant(`${week.fromOn}T00:00`, zone, 'start').getTime()
    let gaps = await gapsOf(stage, rosterId)
    const isOpen = (gap: Gap) => gap.state === 'open'
    while (gaps.some(isOpen) && clock.now().getTime() < latest) {
      progress(1 - gaps.filter(isOpen).length / gaps.length, `${gaps.filter(isOpen).length} gaps are open`)
      const next = new Date(Math.min(clock.now().getTime() + STEP_MINUTES * 60_000, latest))
      await time.advanceTo(next, () => react(stage, tally))
      gaps = await gapsOf(stage, rosterId)
    }
    progress(1, 'done')
    const filled = gaps.filter((gap) => gap.state === 'filled')
    for (const line of table([['gaps', 'filled', 'open'], ...causes(gaps)])) say(line)
    say(
      `${count(inbox.count('offer'))} offers were made to fill ${filled.length} seats; the first to accept has the seat`,
    )
    say(`It is ${instantToWall(clock.now(), zone).replace('T', ' ')} now`)
  })
}

function causes(gaps: Gap[]): string[][] {
  const number = (list: Gap[], state: Gap['state']) => String(list.filter((gap) => gap.state === state).length)
  return [...Map.groupBy(gaps, (gap) => gap.cause)].map(([cause, list]) => [
    cause,
    number(list, 'filled'),
    number(list, 'open'),
  ])
}
