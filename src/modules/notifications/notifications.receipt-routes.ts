import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import { networkTest } from '../../platform/http/networks.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import { isSigned } from '../../platform/http/standard-webhooks.ts'
import type { Clock } from '../../time/clock.ts'
import { Receipts } from './notifications.schemas.ts'
import type { Notifications } from './notifications.service.ts'
import { type ReceiptShape, readReceipts } from './receipt-shapes.rules.ts'

export interface ReceiptDoor {
  notifications: Notifications
  clock: Clock
  secrets: { sms: string | undefined; email: string | undefined }
  /** For a gateway that signs nothing: the secret end of its address, where it may call from ([]: anywhere), its words. */
  smsReports: { key: string; from: string[]; shape: ReceiptShape } | undefined
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

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What the gateways of the large vendors take for "received". */
const RECEIVED = { code: 0, msg: 'OK', result: 0, errmsg: 'OK' }

/**
 * Where channels report what became of messages, signed as Standard Webhooks say. The answer is the same whether a
 * message is known or not, and `code: 0` for gateways that look for it.
 */
export const receiptDoors =
  ({ notifications, clock, secrets, smsReports }: ReceiptDoor): FastifyPluginAsync =>
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

    if (!smsReports) return
    const isFrom = smsReports.from.length === 0 ? () => true : networkTest(smsReports.from)
    app.post('/sms/:key', { schema: { hide: true }, bodyLimit: 256 * 1024 }, async ({ params, ip, body }) => {
      const { key } = params as { key: string }
      if (!timingSafeEqual(digest(key), digest(smsReports.key)) || !isFrom(ip)) throw closed()
      const receipts = readReceipts(parse(typeof body === 'string' ? body : ''), smsReports.shape)
      if (!receipts) throw unreadable()
      await notifications.takeReceipts('sms', receipts)
      return RECEIVED
    })
  }
