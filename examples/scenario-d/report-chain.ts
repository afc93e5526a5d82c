import { addLocalDays, type LocalTime, wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import type { Entry } from '../kit/diary.ts'
import { submit } from '../kit/pages.ts'
import { fictionalEmail } from '../scenario-a/names.ts'
import { DEPARTMENTS, OFFICER, PARTS_DUE, WEEK, WHOLE_DUE } from './figures.ts'
import type { Posts } from './posts.ts'
import type { College } from './setup.ts'

export interface Chain {
  wholeId: string
  partIds: string[]
}

const PRESENT = { present: { type: 'integer', minimum: 0, 'x-titles': { zh: '在校人数', en: 'People present' } } }
const SCHEMA = { type: 'object', properties: PRESENT, required: ['present'] }
const DAYS = 7
/** On this day one department is late, and one says nothing at all. */
const SILENT_DAY = 1

/** Departments report to the duty officer by 16:30, the duty officer upward by 17:00. */
export async function obligeChain(
  { api, week }: Planned,
  { units, groups }: College,
  { dutyRoom }: Posts,
): Promise<Chain> {
  const whole = await oblige('COL', '学院每日报告', WHOLE_DUE, [{ postId: dutyRoom, role: OFFICER }], {
    receivers: [{ name: '省教育厅', channel: 'email', address: fictionalEmail('d-receiver'), locale: 'zh' }],
    remindBeforeMinutes: [15],
  })
  const partIds = await each(DEPARTMENTS, ({ code }, index) =>
    oblige(code, '部门每日报告', PARTS_DUE, [{ volunteerId: groups.reporters[index] }], {
      feedsId: whole,
      remindBeforeMinutes: [30],
      alarmEveryMinutes: 60,
    }),
  )
  return { wholeId: whole, partIds }

  async function oblige(code: string, name: string, dueTime: LocalTime, reporters: object[], more: object) {
    const made = await api.post<{ id: string }>('/v1/report-obligations', {
      unitId: units.get(code),
      name: { zh: name },
      rule: 'FREQ=DAILY',
      effectiveFrom: week.fromOn,
      effectiveTo: week.toOn,
      schema: SCHEMA,
      ...{ dueTime, reporters, ...more },
    })
    return made.id
  }
}

const fileOf = (present: number) => ({ do: 'file', number: '0', 'f.present': String(present) })

/** The chain of each day, by the links of those who report; the duty officer chases what is missing. */
export function chainEntries(stage: Planned, { groups }: College): Entry[] {
  const { inbox, zone } = stage
  const [, , late, silent] = groups.reporters
  return Array.from({ length: DAYS }, (_, day): Entry[] => {
    const at = (time: LocalTime) => wallToInstant(`${addLocalDays(WEEK.fromOn, day)}T${time}`, zone, 'start')
    const quiet = new Set(day === SILENT_DAY ? [late, silent] : [])
    const entries: Entry[] = [
      { at: at('16:15'), act: () => fileAll('report-reminder', 120, (id) => !quiet.has(id)) },
      { at: at('16:55'), act: () => fileAll('report-reminder', 480) },
      { at: at('17:30'), act: read },
    ]
    if (quiet.size === 0) return entries
    const chase = [
      { at: at('16:35'), act: chaseByOfficer },
      { at: at('16:45'), act: () => fileAll('report-chase', 120, (id) => id === late) },
    ]
    return [...entries, ...chase]
  }).flat()

  async function fileAll(template: string, present: number, who: (id: string) => boolean = () => true) {
    const asked = inbox.take(template).filter(({ volunteerId }) => who(volunteerId))
    await each(asked, ({ link }) => submit(link!, fileOf(present)))
  }

  /** On the page of the whole report stands which parts are missing, with a button. */
  async function chaseByOfficer(): Promise<void> {
    const [told] = inbox.take('report-part-late')
    const response = await fetch(told!.link!, {
      method: 'POST',
      body: new URLSearchParams({ do: 'chase', number: '0' }),
    })
    if (!response.ok) throw new Error(`Chasing was answered ${response.status}.`)
  }

  async function read(): Promise<void> {
    await each(inbox.take('report-filed'), ({ link }) => submit(link!, { do: 'read', number: '1' }))
  }
}
