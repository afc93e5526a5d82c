import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Demo } from '../demo.ts'
import { count, table } from '../report.ts'

interface Sum {
  name: string
  duties: number
  hours: string
}

/** The hours ledger as files for a spreadsheet, and its sums. */
export function exportHours({ report, api, week, exportsDir }: Demo): Promise<number> {
  const period = `from=${week.fromOn}&to=${week.toOn}`
  return report.step('The organizer exports the hours', async ({ say }) => {
    for (const format of ['csv', 'xlsx']) say(await download(format))
    const byPost = await api.all<Sum>(`/v1/hours/summary?${period}&by=post`)
    for (const line of table([['post', 'duties', 'hours'], ...byPost.map(cells)])) say(line)
    const hours = byPost.reduce((sum, post) => sum + Number(post.hours), 0)
    say(`${count(hours)} hours in all`)
    return hours
  })

  async function download(format: string): Promise<string> {
    const response = await api.open(`/v1/exports/service-hours?${period}&format=${format}`)
    const file = join(exportsDir, `service-hours.${format}`)
    await pipeline(Readable.fromWeb(response.body!), createWriteStream(file))
    return `${relative('', file)}  ${count((await stat(file)).size)} bytes`
  }
}

const cells = ({ name, duties, hours }: Sum) => [name, String(duties), hours]
