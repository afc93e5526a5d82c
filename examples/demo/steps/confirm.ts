import { instantToWall } from '../../../src/time/zones.ts'
import { react, type Tally } from '../reactions.ts'
import { table } from '../report.ts'
import type { Stage } from '../stage.ts'

interface ConfirmationRequest {
  volunteerId: string
  confirmBy: string
  duties: { state: string }[]
}

export interface Answers {
  confirmed: number
  declined: number
  lapsed: number
}

/** Everybody is asked once, whoever is silent is reminded, and at the deadline silence counts as a no. */
export function collectAnswers(stage: Stage, rosterId: string): Promise<Answers> {
  const { report, api, time, inbox, zone } = stage
  const path = `/v1/confirmation-requests?rosterId=${rosterId}`
  return report.step(
    'People answer by the link in their message; the reserve is asked for what is left',
    async ({ say }) => {
      const tally: Record<string, Tally> = {}
      await time.settled()
      const asked = await api.all<ConfirmationRequest>(path)
      say(
        `${asked.length} people were asked, each in one message. Opening a link changes nothing; pressing a button does.`,
      )
      say(`One of the pages: ${inbox.all().find((message) => message.link)?.link ?? '(none)'}`)
      await react(stage, tally)
      const deadline = new Date(Math.max(...asked.map((request) => Date.parse(request.confirmBy))))
      await time.advanceTo(deadline, () => react(stage, tally))
      const clockAt = instantToWall(deadline, zone).replace('T', ' ')
      say(`The clock was pushed to the deadline, ${clockAt}. Who did what:`)
      for (const line of table(tallyRows(tally))) say(line)
      const duties = (await api.all<ConfirmationRequest>(path)).flatMap((request) => request.duties)
      const count = (state: string) => duties.filter((duty) => duty.state === state).length
      const answers = { confirmed: count('confirmed'), declined: count('declined'), lapsed: count('lapsed') }
      say(`Seats: ${answers.confirmed} confirmed, ${answers.declined} declined, ${answers.lapsed} lapsed in silence`)
      return answers
    },
  )
}

const NAMES: Record<string, string> = {
  'confirmation-request': 'asked to confirm',
  'confirmation-reminder': 'reminded',
  offer: 'reserve, offered a seat',
}

const tallyRows = (tally: Record<string, Tally>): string[][] => [
  ['', 'yes', 'no', 'silent'],
  ...Object.entries(tally).map(([template, { yes, no, silent }]) => [
    NAMES[template] ?? template,
    ...[yes, no, silent].map(String),
  ]),
]
