import { relative } from 'node:path'
import { download } from '../../kit/files.ts'
import { count, table } from '../report.ts'
import type { Planned } from '../stage.ts'

interface Sum {
  name: string
  duties: number
  hours: string
}

/** The hours ledger as files for a spreadsheet, volunteers apart from everybody else, and its sums. */
export function exportHours(stage: Planned): Promise<number> {
  const { report, api, week, exportsDir } = stage
  const period = `from=${week.fromOn}&to=${week.toOn}`
  return report.step('The organizer exports the hours', async ({ say }) => {
    const names = ['service-hours', 'duty-hours'].flatMap((kind) => [`${kind}.csv`, `${kind}.xlsx`])
    const path = (name: string) => `/v1/exports/${name.replace('.', `?${period}&format=`)}`
    await download(stage, say, Object.fromEntries(names.map((name) => [name, path(name)])))
    say(`They are in ${relative('', exportsDir)}`)
    const byPost = await api.all<Sum>(`/v1/hours/summary?${period}&by=post`)
    for (const line of table([['post', 'duties', 'hours'], ...byPost.map(cells)])) say(line)
    const hours = byPost.reduce((sum, post) => sum + Number(post.hours), 0)
    say(`${count(hours)} hours in all`)
    return hours
  })
}

const cells = ({ name, duties, hours }: Sum) => [name, String(duties), hours]
