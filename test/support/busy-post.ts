import type { Duties } from './duties.ts'
import type { World } from './world.ts'

const reason = 'paper list'
/** In Shanghai. */
export const onMay = (day: number, time: string) => new Date(`2026-05-${String(day).padStart(2, '0')}T${time}:00+08:00`)
/** Check-in or check-out as it is noted from paper afterwards. */
export const noted = (world: World, duty: { id: string }, verb: 'check-in' | 'check-out', instant: Date) =>
  world.must('POST', `/v1/assignments/${duty.id}:${verb}`, { at: instant.toISOString(), reason })

/** A post on 20 May: a morning of five seats, an afternoon that is under way at 13:00, a morning to come. */
export async function busyPost(world: World, at: Duties, unitId: string) {
  const gate = await at.post({ unitId, name: '北门卡点' })
  const person = async (displayName: string, sortName: string) =>
    (await at.person({ unitId, displayName, sortName, personNumber: `0071234567890123${sortName}` })).id
  const names = ['=甲', '乙', '丙', '丁', '戊', '己'] as const
  const ids = await Promise.all(names.map((name, index) => person(name, `4${index}`)))
  const duty = (index: number, start: string, state: 'pending' | 'confirmed' = 'confirmed') =>
    at.duty({ volunteerId: ids[index]!, postId: gate.id, start, length: 'PT4H', state })
  const [first, second, third] = [
    await duty(0, '2026-05-20T08:00'),
    await duty(1, '2026-05-20T08:00'),
    await duty(2, '2026-05-20T08:00'),
  ]
  await duty(3, '2026-05-20T08:00')
  const relief = await duty(4, '2026-05-20T12:00')
  await duty(5, '2026-05-21T08:00', 'pending')
  await world.house.database.sql`
    insert into slots (id, shift_id, requirement_id, role, seat, mandatory)
    select gen_random_uuid(), shift_id, requirement_id, role, 2, false from slots where id = ${first!.slotId}`
  await world.advanceTo(onMay(20, '13:00'))
  // Twenty minutes late, and on until relief is nearly there; half an hour too short; not at all.
  await noted(world, first!, 'check-in', onMay(20, '08:20'))
  await noted(world, first!, 'check-out', onMay(20, '12:20'))
  await noted(world, second!, 'check-in', onMay(20, '08:00'))
  await noted(world, second!, 'check-out', onMay(20, '11:30'))
  await world.must('POST', `/v1/assignments/${third!.id}:no-show`, {})
  await noted(world, relief!, 'check-in', onMay(20, '12:30'))
  return { gate, ids }
}
