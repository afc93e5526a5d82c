import { Transform } from 'node:stream'
import { createTransport } from 'nodemailer'
import type MailMessage from 'nodemailer/lib/mailer/mail-message.js'
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js'
import { html } from '../../../platform/http/html.ts'
import { isMailAddress } from '../notifications.rules.ts'
import type { Channel, HandingOver, Outcome, Parcel } from '../notifications.types.ts'

export interface EmailChannelOptions {
  /** smtp:// or smtps:// with the login, if there is one. */
  url: string
  from: string
  /** More settings of the SMTP client; timeouts in tests. */
  transport?: Partial<SMTPPool.Options>
  /** Milliseconds for one message, waiting for a connection included. */
  deadlineMs?: number
}

const CONNECTIONS = 10
const DEADLINE_MS = 30_000

interface SmtpFault {
  code?: string
  responseCode?: number
  message: string
}

/**
 * What an error says about the message: refused for good, refused for now, or (when the words were handed over and no
 * answer came) nobody knows. A wrong login is ours to repair, so the message waits.
 */
export function outcomeOf({ code, responseCode, message }: SmtpFault, handedOver: boolean): Outcome {
  const error = `${code ?? 'ERROR'}${responseCode ? ` ${responseCode}` : ''}: ${message}`.slice(0, 300)
  if (code === 'EAUTH') return { state: 'later', error }
  if (responseCode && responseCode >= 500) return { state: 'failed', error }
  if (responseCode) return { state: 'later', error }
  if (code === 'EENVELOPE') return { state: 'failed', error }
  return { state: handedOver ? 'unknown' : 'later', error }
}

const asHtml = ({ tongue, subject, text, link }: Parcel): string => {
  const lines = text.split('\n').map((line, index) => {
    const [before, after] = link ? line.split(link) : [line]
    const piece = after === undefined ? line : html`${before}<a href="${link!}">${link!}</a>${after}`
    return html`${index > 0 && html`<br>\n`}${piece}`
  })
  return html`<!doctype html><html lang="${tongue}"><head><meta charset="utf-8"><title>${subject}</title></head><body><p>${lines}</p></body></html>`
    .text
}

/** RFC 2369, and RFC 8058 where its condition holds: a mail program may press the button only by https. */
const stopHeaders = (stopLink: string | undefined) =>
  stopLink && {
    'List-Unsubscribe': `<${stopLink}>`,
    ...(stopLink.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }

/** Lets words through once it was written down that they leave. */
function gateFor(handingOver: HandingOver): Transform {
  let opening: Promise<void> | undefined
  return new Transform({
    transform(chunk, _encoding, done) {
      opening ??= handingOver()
      opening.then(() => done(null, chunk), done)
    },
  })
}

/** Sends mail by SMTP. The Message-ID is the message's own id, so that a second copy can be recognised. */
export function emailChannel({ url, from, transport, deadlineMs = DEADLINE_MS }: EmailChannelOptions): Channel {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const options = {
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    // Sending again after a lost connection is decided here, not by the client: it cannot know what has arrived.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...transport,
  }
  const mailer = createTransport(options as SMTPPool.Options)
  const handedOver = new Set<string>()
  const gates = new Map<string, HandingOver>()
  mailer.use('stream', (mail: MailMessage, done) => {
    const messageId = String(mail.data.messageId)
    // The words are asked for when the server has taken sender and recipient and waits for them.
    mail.message.processFunc((words) => {
      const gate = gateFor(gates.get(messageId)!).once('end', () => handedOver.add(messageId))
      words.on('error', (error) => gate.destroy(error))
      return words.pipe(gate)
    })
    done()
  })
  return {
    name: 'email',
    async deliver(parcel, handingOver) {
      if (!isMailAddress(parcel.to)) return { state: 'failed', error: 'This is not an address that mail can go to.' }
      const messageId = `<${parcel.messageId}@${domain}>`
      gates.set(messageId, handingOver)
      try {
        const sent = await mailer.sendMail({
          messageId,
          from,
          to: { name: '', address: parcel.to },
          subject: parcel.subject,
          text: parcel.text,
          html: asHtml(parcel),
          headers: { 'Auto-Submitted': 'auto-generated', ...stopHeaders(parcel.stopLink) },
          signal: AbortSignal.timeout(deadlineMs),
        } as Parameters<typeof mailer.sendMail>[0])
        return { state: 'accepted', providerId: sent.response.slice(0, 200) }
      } catch (error) {
        return outcomeOf(error as SmtpFault, handedOver.has(messageId))
      } finally {
        handedOver.delete(messageId)
        gates.delete(messageId)
      }
    },
    close: async () => mailer.close(),
  }
}
