import { maskAddress } from './notifications.rules.ts'
import type { MessageRow } from './notifications.types.ts'
import type { TemplateRow } from './templates.rules.ts'

export const messageView = (message: MessageRow) => ({
  id: message.id,
  volunteerId: message.volunteerId,
  unitId: message.unitId,
  template: message.template,
  subjectId: message.subjectId,
  state: message.state,
  channel: message.channel,
  address: message.address && maskAddress(message.address),
  attempts: message.attempts,
  ways: message.ways.map((way) => ({ ...way, error: way.error ?? null, address: maskAddress(way.address) })),
  error: message.error,
  createdAt: message.createdAt.toISOString(),
  sendAfter: message.sendAfter.toISOString(),
  sentAt: message.sentAt?.toISOString() ?? null,
  deliveredAt: message.deliveredAt?.toISOString() ?? null,
  test: message.test,
  locale: message.locale,
  templateId: message.templateId,
  templateVersion: message.templateVersion,
})

export const templateView = ({ createdAt, updatedAt, ...row }: TemplateRow) => ({
  ...row,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** A change of state as the audit log tells it. */
export const messageChange = (message: MessageRow, to: string, from: string, reason?: string) => ({
  action: `message.${to}`,
  subject: { type: 'message', id: message.id },
  unitId: message.unitId,
  from,
  to,
  reason,
  facts: { template: message.template, attempt: message.attempts },
})

export const queuedChange = (message: MessageRow) => ({
  action: message.test ? 'message.test-queued' : 'message.queued',
  subject: { type: 'message', id: message.id },
  unitId: message.unitId,
  to: 'queued',
  facts: { template: message.template },
})
