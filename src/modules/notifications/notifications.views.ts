import { maskAddress } from './notifications.rules.ts'
import type { MessageRow } from './notifications.types.ts'

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
  error: message.error,
  createdAt: message.createdAt.toISOString(),
  sendAfter: message.sendAfter.toISOString(),
  sentAt: message.sentAt?.toISOString() ?? null,
})
