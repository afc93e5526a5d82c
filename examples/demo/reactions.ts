import { each } from './api.ts'
import { ASKED, type Manners, type Mind, OFFERED, press, REMINDED } from './people.ts'
import type { Stage } from './stage.ts'

/** What people did with the messages they got, by kind of message. */
export type Tally = Record<Mind, number>

interface Question {
  manners: Manners
  /** Button to press for yes and for no. */
  yes: string
  no: string
}

/** Messages that ask something. All others are read and put aside. */
const QUESTIONS: Record<string, Question> = {
  'confirmation-request': { manners: ASKED, yes: 'confirm', no: 'decline' },
  'confirmation-reminder': { manners: REMINDED, yes: 'confirm', no: 'decline' },
  offer: { manners: OFFERED, yes: 'accept', no: 'decline' },
}

/** People open the links in their newest messages and answer, or do not, until nothing new arrives. */
export async function react({ inbox, crowd, time }: Stage, tally: Record<string, Tally>): Promise<void> {
  let answered: number
  do {
    answered = 0
    for (const [template, { manners, yes, no }] of Object.entries(QUESTIONS)) {
      const minds = inbox.take(template).map((message) => ({ message, mind: crowd.decide(manners) }))
      for (const { mind } of minds) count(tally, template, mind)
      const speaking = minds.filter(({ mind }) => mind !== 'silent')
      await each(speaking, ({ message, mind }) => press(message.link!, { answer: mind === 'yes' ? yes : no }))
      answered += speaking.length
    }
    await time.settled()
  } while (answered > 0)
}

function count(tally: Record<string, Tally>, template: string, mind: Mind): void {
  const counts = tally[template] ?? { yes: 0, no: 0, silent: 0 }
  counts[mind] += 1
  tally[template] = counts
}
