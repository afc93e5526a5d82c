import { wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import type { Entry } from '../kit/diary.ts'
import { openPage, submit, valuesOf } from '../kit/pages.ts'
import type { College } from './setup.ts'

export interface Acknowledgments {
  recipients: number
  acknowledged: number
  missing: number
}

/** Left after the first message, and after the reminder. */
const SILENT = 5
const STUBBORN = 2
const HOUR = 60

/** Something each person has to acknowledge; whoever does not is reminded, then named to those responsible. */
export function announcementEntries(
  stage: Planned,
  { units }: College,
): { entries: Entry[]; read(): Promise<Acknowledgments> } {
  const { api, inbox, zone } = stage
  const at = (time: string) => wallToInstant(`2030-08-01T${time}`, zone, 'start')
  let id = ''
  const entries = [
    { at: at('09:30'), act: announce },
    { at: at('10:00'), act: () => acknowledge('announcement', SILENT) },
    { at: at('12:00'), act: () => acknowledge('announcement-reminder', STUBBORN) },
    { at: at('16:00'), act: byTelephone },
  ]
  return { entries, read }

  async function announce(): Promise<void> {
    const made = await api.post<{ id: string }>('/v1/announcements', {
      unitId: units.get('COL'),
      texts: { zh: { title: '暑期值班纪律', text: '值班期间保持通讯畅通，按时到岗，逐级报告。' } },
      audience: { sources: [{ kind: 'unit', unitId: units.get('COL') }] },
      remindAfterMinutes: [2 * HOUR],
      escalateAfterMinutes: 4 * HOUR,
    })
    id = made.id
  }

  /** All but the last so many read it and press the button. */
  async function acknowledge(template: string, left: number): Promise<void> {
    const told = inbox.take(template)
    await each(told.slice(0, told.length - left), async ({ link }) => {
      const [revision] = valuesOf(await openPage(link!), 'revision')
      await submit(link!, { answer: 'acknowledge', revision: revision! })
    })
  }

  /** Those responsible ring up one of the two who are left. */
  async function byTelephone(): Promise<void> {
    const [one] = await api.all<{ volunteerId: string }>(`/v1/announcements/${id}/recipients?acknowledged=false`)
    const body = { volunteerId: one!.volunteerId, reason: '电话确认' }
    await api.post(`/v1/announcements/${id}:acknowledge`, body)
  }

  async function read(): Promise<Acknowledgments> {
    return (await api.get<{ counts: Acknowledgments }>(`/v1/announcements/${id}`)).counts
  }
}
