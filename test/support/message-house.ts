import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { configuredChannels } from '../../src/modules/notifications/channels/configured.ts'
import { logChannel } from '../../src/modules/notifications/channels/log.ts'
import { createNotifications } from '../../src/modules/notifications/notifications.service.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import {
  type Channel,
  defineTemplate,
  type NewMessage,
  type SentMessage,
  type Templates,
} from '../../src/modules/notifications/notifications.types.ts'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import type { Db } from '../../src/platform/db/client.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import type { PlainRoster } from './plain-roster.ts'
import type { World } from './world.ts'

const texts = (text: string) => ({ zh: { subject: '通知', text }, en: { subject: 'A note', text } })
const note = defineTemplate({
  load: async (_handle, { params }) => (params.gone ? undefined : { facts: {} }),
  words: () => ({}),
  texts: texts('Hello {name}'),
})

/** A message that can wait, and one that cannot; both say hello. */
export const TRIAL_TEMPLATES: Templates = { note, urgent: defineTemplate({ ...note, urgent: true }) }

export interface MessageHouseOptions {
  /** Settings that open channels. */
  settings?: Record<string, string>
  templates?: Templates
  /** In place of the channels of the settings. */
  channels?: Channel[]
  /** Another database handle than the world's. */
  db?: Db
}

export type MessageHouse = ReturnType<typeof messageHouse>

/** Notifications of a test's own beside those of the world: its templates, its channels, on the same database. */
export function messageHouse(world: World, roster: PlainRoster, options: MessageHouseOptions = {}) {
  const { settings = {}, templates = TRIAL_TEMPLATES } = options
  const { foundations } = world.house.services
  const { db } = foundations
  const heard: SentMessage[] = []
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-messages-'))
  const address = { publicUrl: 'https://duty.example.org' }
  const log = logChannel({ file: join(folder, 'm.jsonl'), clock: world.clock, onMessage: (one) => heard.push(one) })
  const channels = options.channels ?? configuredChannels({ config: readConfig(settings), clock: world.clock, address })
  const service = createNotifications({
    ...foundations,
    ...(options.db ? { db: options.db } : {}),
    channels: [log, ...channels],
    templates,
    address,
    codeKey: randomBytes(32),
  })

  async function person(...contacts: ['wecom' | 'sms' | 'email', string][]): Promise<string> {
    const [id] = await roster.people(1)
    if (contacts.length > 0) {
      const rows = contacts.map(([channel, to], position) => ({ volunteerId: id!, channel, address: to, position }))
      await db.insert(contactPoints).values(rows)
    }
    return id!
  }

  async function send(message: Partial<NewMessage>): Promise<string> {
    const purpose = newId()
    await roster.occasionally((occasion) =>
      service.notify(occasion, [{ template: 'note', subjectId: newId(), purpose, ...message }]),
    )
    const [row] = await db.select().from(messages).where(eq(messages.purpose, purpose))
    return row!.id
  }

  return {
    service,
    heard,
    person,
    send,
    rowOf: async (id: string) => (await db.select().from(messages).where(eq(messages.id, id)))[0]!,
    /** The waiting task of this name on a message. */
    waiting: async (id: string, name: string) => {
      const mine = and(eq(tasks.name, name), eq(tasks.key, id), eq(tasks.state, 'waiting'))
      return (await db.select().from(tasks).where(mine))[0]
    },
    close: async () => {
      await service.close()
      await rm(folder, { recursive: true })
    },
  }
}
