import { eq } from 'drizzle-orm'
import { audit } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { type Interval, minutesOf } from '../../time/intervals.ts'
import { instantToWall } from '../../time/zones.ts'
import { shifts, slots } from './posts.tables.ts'

/**
 * Cuts one seat in two in time. Each part becomes a shift of its own with one seat: the slot moves to what is kept, a
 * new slot stands for what is given away. The parts belong to the day of the whole shift, which keeps its other seats.
 * `kept` and `given` together are the shift.
 */
export async function splitSeat(
  { tx, actor, now }: Occasion,
  slotId: string,
  { kept, given }: { kept: Interval; given: Interval },
): Promise<{ givenSlotId: string }> {
  const [found] = await tx
    .select({ slot: slots, shift: shifts })
    .from(slots)
    .innerJoin(shifts, eq(shifts.id, slots.shiftId))
    .where(eq(slots.id, slotId))
  const { slot, shift } = found!
  const givenMinutes = minutesOf(given)
  const partOf = ({ startsAt, endsAt }: Interval, nominalMinutes: number) => {
    const startLocal = instantToWall(startsAt, shift.zone)
    const endLocal = instantToWall(endsAt, shift.zone)
    const own = { id: newId(), templateId: null, partOfId: shift.id, originalStart: startLocal, createdAt: now }
    return { ...shift, ...own, startLocal, endLocal, startsAt, endsAt, nominalMinutes }
  }
  const [keptShift, givenShift] = [partOf(kept, shift.nominalMinutes - givenMinutes), partOf(given, givenMinutes)]
  await tx.insert(shifts).values([keptShift, givenShift])
  await tx.update(slots).set({ shiftId: keptShift.id }).where(eq(slots.id, slotId))
  const givenSlotId = newId()
  await tx.insert(slots).values({ ...slot, id: givenSlotId, shiftId: givenShift.id })
  await audit(tx, actor, now, {
    action: 'shift.seat-split',
    subject: { type: 'shift', id: shift.id },
    facts: { slotId, givenSlotId, keptShiftId: keptShift.id, givenShiftId: givenShift.id },
  })
  return { givenSlotId }
}
