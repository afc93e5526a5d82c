import type { FastifyPluginAsync } from 'fastify'
import { ProblemError } from '../../platform/http/problem.ts'
import { isSigned } from '../../platform/http/standard-webhooks.ts'
import type { Clock } from '../../time/clock.ts'
import { Receipts } from './notifications.schemas.ts'
import type { Notifications } from './notifications.service.ts'

export interface ReceiptDoor {
  notifications: Notifications
  clock: Clock
  secrets: { sms: string | undefined; email: string | undefined }
}

const closed = () => new ProblemError(404, 'not-found', 'There is nothing here.')
const unsigned = () =>
  new ProblemError(401, 'signature-wrong', 'The signature does not fit this body, or came too late.')
const unreadable = () => new ProblemError(400, 'receipts-unreadable', 'The body is no list of receipts.')

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable()
  }
}

/**
 * Where channels report what became of messages, signed as Standard Webhooks say. The answer is the same whether a
 * message is known or not, and `code: 0` for gateways that look for it.
 */
export const receiptDoors =
  ({ notifications, clock, secrets }: ReceiptDoor): FastifyPluginAsync =>
  async (app) => {
    app.removeContentTypeParser('application/json')
    // The signature is over the bytes as they came.
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))

    for (const channel of ['sms', 'email'] as const) {
      app.post(`/${channel}`, { schema: { hide: true }, bodyLimit: 256 * 1024 }, async (request) => {
        const secret = secrets[channel]
        if (!secret) throw closed()
        const text = typeof request.body === 'string' ? request.body : ''
        if (!isSigned(request.headers, text, secret, clock.now())) throw unsigned()
        const receipts = Receipts.safeParse(parse(text))
        if (!receipts.success) throw unreadable()
        await notifications.takeReceipts(channel, receipts.data)
        return { code: 0, received: receipts.data.length }
      })
    }
  }
