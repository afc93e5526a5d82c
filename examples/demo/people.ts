import type { SentMessage } from '../../src/services.ts'
import { createRandom, type Random } from '../../src/solver/random.ts'

/** Chances with which the people of the demo do something; what remains is silence. */
export interface Manners {
  yes: number
  no: number
}

/** Asked whether they come: some need the reminder, some do not answer at all. */
export const ASKED: Manners = { yes: 0.86, no: 0.05 }
export const REMINDED: Manners = { yes: 0.7, no: 0.05 }
/** Offered a seat they did not expect. */
export const OFFERED: Manners = { yes: 0.55, no: 0.2 }

export type Mind = 'yes' | 'no' | 'silent'

/** What people have been sent, read once each. */
export function createInbox() {
  const received: SentMessage[] = []
  const unread = new Map<string, SentMessage[]>()
  return {
    receive: (message: SentMessage) => {
      received.push(message)
      unread.set(message.template, [...(unread.get(message.template) ?? []), message])
    },
    /** New messages made from this template since it was last asked. */
    take: (template: string): SentMessage[] => {
      const found = unread.get(template) ?? []
      unread.delete(template)
      return found
    },
    count: (template: string) => received.filter((message) => message.template === template).length,
    all: (): readonly SentMessage[] => received,
  }
}
export type Inbox = ReturnType<typeof createInbox>

export function createCrowd(seed: number) {
  const random: Random = createRandom(seed)
  return {
    decide({ yes, no }: Manners): Mind {
      const mood = random.next()
      return mood < yes ? 'yes' : mood < yes + no ? 'no' : 'silent'
    },
  }
}
export type Crowd = ReturnType<typeof createCrowd>

/** Presses a button on the page behind a personal link, as a browser would: a form, sent by POST. */
export async function press(link: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams(fields) })
  const page = await response.text()
  if (response.status >= 500)
    throw new Error(`The page behind a link answered ${response.status}: ${page.slice(0, 500)}`)
  return page
}
