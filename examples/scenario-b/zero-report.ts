import { addLocalDays, type LocalTime, wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import type { Entry } from '../kit/diary.ts'
import { linkTo, openPage, submit } from '../kit/pages.ts'
import { fictionalEmail } from '../scenario-a/names.ts'
import { DUE, LEADER, RECEIVERS } from './figures.ts'
import type { Bureau } from './setup.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    onDuty: { type: 'integer', minimum: 0, 'x-titles': { zh: '在岗人数', en: 'People on duty' } },
    returned: { type: 'integer', minimum: 0, 'x-titles': { zh: '返回人员', en: 'Returned persons' } },
    events: {
      type: 'array',
      maxItems: 5,
      'x-titles': { zh: '情况', en: 'Events' },
      items: { type: 'object', properties: { what: { type: 'string', maxLength: 60 } }, required: ['what'] },
    },
  },
  required: ['onDuty', 'returned'],
}

/** The obligation: whoever leads the shift reports, three receivers read. */
export const obligeZeroReport = ({ api, week }: Planned, { units, postId }: Bureau): Promise<{ id: string }> =>
  api.post('/v1/report-obligations', {
    unitId: units.get('ROOM'),
    name: { zh: '疫情零报告', en: 'Zero report' },
    rule: 'FREQ=DAILY',
    dueTime: DUE,
    effectiveFrom: week.fromOn,
    effectiveTo: week.toOn,
    reporters: [{ postId, role: LEADER }],
    receivers: RECEIVERS.map((name, index) => ({
      name,
      channel: 'email',
      address: fictionalEmail(`b-receiver-${index + 1}`),
      locale: 'zh',
    })),
    schema: SCHEMA,
    remindBeforeMinutes: [60],
    alarmEveryMinutes: 10,
    missingAfterMinutes: 30,
  })

const NIL = { do: 'nil', number: '0' }
const CONTENT = {
  do: 'file',
  number: '0',
  'f.onDuty': '3',
  'f.returned': '67',
  'e.events.0.what': '一名返回人员已登记',
}

/** Nil, with content, late, and on the last day nothing at all; readers tick that they have read what came. */
export function reportEntries(stage: Planned): Entry[] {
  const { inbox, week, zone } = stage
  const at = (day: number, time: LocalTime) => wallToInstant(`${addLocalDays(week.fromOn, day)}T${time}`, zone, 'start')
  return [
    { at: at(0, '16:30'), act: () => file('report-reminder', NIL) },
    { at: at(0, '18:30'), act: read },
    { at: at(1, '16:30'), act: () => file('report-reminder', CONTENT) },
    { at: at(1, '18:30'), act: read },
    { at: at(2, '17:15'), act: () => file('report-late', NIL) },
    { at: at(2, '18:30'), act: read },
    { at: at(3, '18:30'), act: read },
  ]

  /** By the link in the newest message; opening the page first changes nothing. */
  async function file(template: string, fields: Record<string, string>): Promise<void> {
    const { volunteerId } = inbox.all().findLast((message) => message.template === template)!
    const link = linkTo(stage, volunteerId, template)
    await openPage(link)
    await submit(link, fields)
  }

  async function read(): Promise<void> {
    const told = inbox.take('report-filed')
    await each(told, ({ link }) => submit(link!, { do: 'read', number: '1' }))
  }
}
