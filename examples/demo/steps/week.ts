import { addLocalDays, dateOf, instantToWall } from '../../../src/time/zones.ts'
import { each } from '../api.ts'
import type { Demo } from '../demo.ts'
import { react, type Tally } from '../reactions.ts'
import type { Planned } from '../stage.ts'

export interface Shift {
  id: string
  postId: string
  postName: string
  localDay: string
  startLocal: string
  startsAt: string
  endsAt: string
  slots: {
    id: string
    role: string
    seat: number
    mandatory: boolean
    holder: { assignmentId: string; volunteerId: string; displayName: string; state: string } | null
  }[]
}

export const shiftsOfWeek = ({ api, rootId, week }: Planned): Promise<Shift[]> =>
  api.all<Shift>(`/v1/shifts?unitId=${rootId}&from=${week.fromOn}&to=${week.toOn}`)

const MINUTE = 60_000
/** How long the missing person's seat may take to fill before the demo gives up. */
const PATIENCE_MINUTES = 240

/** The week passes: crews relieve each other, one person does not come and is replaced from the reserve. */
export function passWeek(demo: Demo): Promise<void> {
  const { report, api, time, inbox, scenario } = demo
  const tally: Record<string, Tally> = {}
  const meanwhile = () => react(demo, tally)
  return report.step('The week passes', async ({ say, progress }) => {
    const shifts = await shiftsOfWeek(demo)
    const absentee = chooseAbsentee(shifts)
    const moments = [...new Set(shifts.flatMap((shift) => [shift.startsAt, shift.endsAt]))].sort()
    for (const [index, moment] of moments.entries()) {
      await time.advanceTo(new Date(moment), meanwhile)
      const at = (edge: 'startsAt' | 'endsAt') => shifts.filter((shift) => shift[edge] === moment)
      await each(at('endsAt'), ({ id }) => bulk('check-out', { shiftId: id }))
      await each(at('startsAt'), (shift) => checkIn(shift, absentee))
      progress((index + 1) / moments.length, dateOf(instantToWall(new Date(moment), scenario.zone)))
      if (moment === absentee.shift.startsAt) for (const line of await replace(absentee)) say(line)
    }
    await time.settled()
    say(
      `${shifts.length} shifts were served; ${inbox.count('duty-reminder')} people were reminded of a duty beforehand`,
    )
  })

  /** The whole crew, or all of it but the one who does not come. */
  async function checkIn(shift: Shift, absentee: Absentee): Promise<void> {
    if (shift.id !== absentee.shift.id) return bulk('check-in', { shiftId: shift.id })
    const { slots } = await shiftNow(shift)
    const assignmentIds = slots.flatMap(({ holder }) => (holder ? [holder.assignmentId] : []))
    return bulk('check-in', { assignmentIds: assignmentIds.filter((id) => id !== absentee.assignmentId) })
  }

  async function bulk(what: 'check-in' | 'check-out', body: object): Promise<void> {
    await api.post(`/v1/attendances:bulk-${what}`, body)
  }

  async function shiftNow({ id, postId, localDay }: Shift): Promise<Shift> {
    const query = `postId=${postId}&from=${localDay}&to=${addLocalDays(localDay, 1)}`
    return (await api.all<Shift>(`/v1/shifts?${query}`)).find((shift) => shift.id === id)!
  }

  /** Waits until the missing person counts as a no-show and somebody of the reserve has taken the seat and come. */
  async function replace({ shift, slotId, name }: Absentee): Promise<string[]> {
    const start = Date.parse(shift.startsAt)
    for (let minutes = 10; minutes <= PATIENCE_MINUTES; minutes += 10) {
      await time.advanceTo(new Date(start + minutes * MINUTE), meanwhile)
      const seat = (await shiftNow(shift)).slots.find((slot) => slot.id === slotId)!
      if (seat.holder?.state !== 'confirmed' || seat.holder.displayName === name) continue
      await api.post(`/v1/assignments/${seat.holder.assignmentId}:check-in`, {})
      return [
        `${shift.localDay} ${shift.postName}: ${name} does not come and counts as a no-show`,
        `${seat.holder.displayName} of the reserve takes the seat and is there ${minutes} minutes after the start`,
      ]
    }
    throw new Error(`Nobody took the seat of ${name} at ${shift.postName} within ${PATIENCE_MINUTES} minutes.`)
  }
}

interface Absentee {
  shift: Shift
  slotId: string
  assignmentId: string
  name: string
}

/** One of the crew at the first checkpoint of the third day. */
function chooseAbsentee(shifts: Shift[]): Absentee {
  const days = [...new Set(shifts.map((shift) => shift.localDay))].sort()
  const shift = shifts.find((one) => one.localDay === days[2] && one.slots.length > 1)
  const slot = shift?.slots.find((one) => one.role === 'crew' && one.holder?.state === 'confirmed')
  if (!shift || !slot?.holder) throw new Error('There is no confirmed crew on the third day.')
  return { shift, slotId: slot.id, assignmentId: slot.holder.assignmentId, name: slot.holder.displayName }
}
