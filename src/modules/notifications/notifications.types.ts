import type { LinkPurpose } from '../../platform/auth/links.ts'
import type { Handle } from '../../platform/db/client.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { Tongue } from '../../time/words.ts'
import type { messages } from './notifications.tables.ts'

export type MessageRow = typeof messages.$inferSelect

/** Somebody who is nobody's volunteer: a receiver of reports in another office. */
export interface OutsideContact {
  name: string
  channel: string
  address: string
  locale?: Locale | undefined
}

export interface NewMessage {
  /** One person, or the responsible people of a unit. */
  volunteerId?: string
  unitId?: string
  /** With `unitId`: told in the unit's name to somebody outside, instead of its responsible people. */
  contact?: OutsideContact
  template: string
  subjectId: string
  /** Says "the same message": a second one to the same recipient is never made. */
  purpose: string
  params?: Record<string, string>
  /** Not before; at once when left out. */
  sendAfter?: Date
  /**
   * A message to the same person or unit with the same key that still waits is merged into this one, which tells the
   * sum.
   */
  mergeKey?: string
}

/** The personal way in that a message carries; its secret is made when the message is sent. */
export interface MessageLink {
  purpose: LinkPurpose
  subjectId: string
  expiresAt: Date
  /** Where it leads, such as '/c'; the secret follows. */
  path: string
  /** What its holder may do; left out: all that the purpose allows. */
  actions?: readonly string[]
  /** Until when there is something to do: the short code of a text message lives no longer. */
  usefulUntil?: Date
  /** Whose link it is, where the recipient is no volunteer. */
  holderId?: string
}

/** Below which the page lies where a person stops messages and has them again. */
export const STOP_PATH = '/m'

/** What there is to say, as it is at the moment of sending. */
export interface Loaded<F> {
  facts: F
  /** Said in the words of this template: what was to be told has become something else by merging. */
  as?: string
  link?: MessageLink
  /** Of no use later than this: quiet hours and limits do not hold it back so long. */
  notAfter?: Date
  /** Start of the duty it asks about: what is near is asked about at night too. */
  startsAt?: Date
}

export interface MessageText {
  subject: string
  text: string
}

/** One kind of message. Owned by the module it speaks for and handed to the notifications at wiring. */
export interface Template<F = unknown> {
  /** undefined: nobody needs to hear it any more, and the message is cancelled. */
  load(handle: Handle, message: MessageRow, now: Date): Promise<Loaded<F> | undefined>
  /** Values for the placeholders of the texts, in one language. */
  words(facts: F, tongue: Tongue): Record<string, string>
  /** Data, not code: '{name}' is the recipient, '{link}' the personal link, the others come from `words`. */
  texts: Record<Tongue, MessageText> & Partial<Record<Locale, MessageText>>
  /** What a text message says in place of `text`, in few characters; '{address}' and '{code}' are its way in. */
  short?: Record<Tongue, string> & Partial<Record<Locale, string>>
  /** Goes out at any hour and however much was sent already. */
  urgent?: boolean
  /** Rather by another contact point than others on the same subject, so that somebody else's hand on one is noticed. */
  elsewhere?: boolean
}

/** Subjects of the messages that were merged into this one. */
export const mergedSubjects = ({ params }: Pick<MessageRow, 'params'>): string[] =>
  params.mergedSubjects ? params.mergedSubjects.split(' ') : []

export type Templates = Record<string, Template>

/** Lets a template keep its type of facts inside a list of all templates. */
export const defineTemplate = <F>(template: Template<F>): Template => template as Template

export type ChannelName = 'log' | 'email' | 'sms' | 'wecom' | 'wecom-robot' | 'dingtalk-robot' | 'feishu-robot'

/** A message ready to go. */
export interface Parcel {
  messageId: string
  volunteerId: string | null
  template: string
  /** What it speaks of: the duty of a reminder, the request of a question. */
  subjectId: string
  to: string
  tongue: Tongue
  subject: string
  text: string
  link?: string
  /** Where its reader can stop messages, for what a mail program has a button of its own. */
  stopLink?: string
}

/** A timeout after the words were handed over is `unknown`: it may have arrived, so it is not sent again. */
export type Outcome =
  | { state: 'accepted'; providerId?: string }
  | { state: 'failed'; error: string }
  | { state: 'unknown'; error: string }
  | { state: 'later'; error: string; retryAfterMs?: number | undefined }

/** How fast a channel may be used: below what its vendor allows, all processes together. */
export interface Pace {
  perMinute: number
  /** So many may go together after a rest. */
  burst: number
}

/** One contact point that was tried for a message, and what became of it. */
export interface Way {
  channel: string
  address: string
  tries: number
  state: Outcome['state']
  error?: string
  since: string
  at: string
}

export type HandingOver = () => Promise<void>

/** A way out of the house. `deliver` answers within half a minute and never throws. */
export interface Channel {
  name: ChannelName
  pace?: Pace
  /** Its vendor reports what has arrived. */
  receipts?: boolean
  /** Read by a group: hears what the responsible people of a unit are told, and nothing personal. */
  group?: true
  /** No personal link goes out here; this stands in its place. */
  insteadOfLink?: () => string
  /** Awaits `handingOver` right before the words leave the house; when that throws they stay. */
  deliver(parcel: Parcel, handingOver: HandingOver): Promise<Outcome>
  close(): Promise<void>
}

/** A message as the log channel wrote it. */
export interface SentMessage {
  messageId: string
  /** Empty for the responsible people of a unit. */
  volunteerId: string
  template: string
  subjectId: string
  to: string
  subject: string
  text: string
  /** The personal link in it, if there is one. */
  link?: string
}
