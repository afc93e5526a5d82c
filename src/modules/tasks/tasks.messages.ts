import { catalogue } from '../../platform/texts/catalogue.ts'
import { instantInWords } from '../../time/words.ts'
import { defineTemplate } from '../notifications/notifications.types.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { type DeadKind, tasksRepository } from './tasks.repository.ts'

interface DeadToTell {
  zone: string
  kinds: DeadKind[]
}

const TEXTS = catalogue('tasks', {
  zh: {
    dead: {
      subject: '有{count}项后台任务已放弃',
      text: '{name}您好，自{since}起有{count}项后台任务多次失败后已放弃，至今无人处理：\n{tasks}\n原因见 GET /v1/tasks 或 npm run tasks；排除故障后可重试或取消。',
    },
    short: '{count}项后台任务已放弃，自{since}起无人处理，见 npm run tasks',
  },
  en: {
    dead: {
      subject: '{count} background tasks were given up',
      text: 'Hello {name}, {count} background tasks were given up, the first at {since}, and nobody has seen to them:\n{tasks}\nWhy: GET /v1/tasks or npm run tasks. When the cause is gone, retry them or let them go.',
    },
    short: '{count} background tasks were given up, the first at {since}. See npm run tasks',
  },
})

export const tasksTemplates = {
  'tasks-dead': defineTemplate<DeadToTell>({
    urgent: true,
    async load(handle, message) {
      const kinds = await tasksRepository(handle).deadKinds()
      if (kinds.length === 0) return undefined
      const unit = (await organisationRepository(handle).findUnit(message.unitId!))!
      return { facts: { zone: unit.zone, kinds } }
    },
    words: ({ zone, kinds }, tongue) => ({
      count: String(kinds.reduce((sum, { count }) => sum + count, 0)),
      since: instantInWords(new Date(Math.min(...kinds.map((kind) => kind.since.getTime()))), zone, tongue),
      tasks: kinds.map(({ name, count }) => `- ${name} (${count})`).join('\n'),
    }),
    texts: { zh: TEXTS.zh.dead, en: TEXTS.en.dead, bo: TEXTS.bo.dead },
    short: { zh: TEXTS.zh.short, en: TEXTS.en.short, bo: TEXTS.bo.short },
  }),
}
