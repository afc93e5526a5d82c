import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../../../time/clock.ts'
import type { Channel, SentMessage } from '../notifications.types.ts'

export interface LogChannelOptions {
  /** One JSON line a message is appended here; readable by the owner only, as it holds personal links. */
  file: string
  clock: Clock
  /** Hears of every message that was written. */
  onMessage?: ((message: SentMessage) => void) | undefined
}

/** Writes messages to a file: for trying things out, and for whoever has no other address. */
export function logChannel({ file, clock, onMessage }: LogChannelOptions): Channel {
  return {
    name: 'log',
    async deliver({ messageId, volunteerId, template, subjectId, to, subject, text, link }, handingOver) {
      const sent: SentMessage = {
        messageId,
        volunteerId: volunteerId ?? '',
        template,
        subjectId,
        to,
        subject,
        text,
        ...(link ? { link } : {}),
      }
      await handingOver()
      try {
        await mkdir(dirname(file), { recursive: true })
        await appendFile(file, `${JSON.stringify({ at: clock.now().toISOString(), ...sent })}\n`, { mode: 0o600 })
      } catch (error) {
        return { state: 'later', error: `Cannot write ${file}: ${(error as Error).message}` }
      }
      onMessage?.(sent)
      return { state: 'accepted' }
    },
    close: async () => {},
  }
}
