import type { Handle } from '../../platform/db/client.ts'
import type { Crew, LinkedSlots } from '../../solver/index.ts'
import { weekdayOf } from '../../time/zones.ts'
import type { Crews } from '../crews/crews.service.ts'
import type { CrewAt, CrewPlace } from '../crews/crews.types.ts'
import type { RequirementRow } from '../posts/posts.repository.ts'
import type { ShiftAt, SlotRow } from '../posts/shifts.repository.ts'
import type { PlannedShifts } from '../posts/shifts.service.ts'
import { problemRepository } from './problem.repository.ts'
import { dayNumber } from './roster-rules.params.ts'

/** Crews that serve at the seats to be planned, with their members. */
export interface ServingCrews {
  crews: CrewAt[]
  places: CrewPlace[]
  /** Ids of the crews that may serve in seats of a requirement. */
  idsFor(row: RequirementRow): string[]
}

export const isServedByCrews = ({ crewIds, crewUnitIds }: RequirementRow): boolean =>
  crewIds.length + crewUnitIds.length > 0

export async function servingCrews(
  handle: Handle,
  crews: Pick<Crews, 'crewsWithin'>,
  requirements: RequirementRow[],
  window: { fromOn: string; toOn: string; volunteerIds?: string[] | undefined },
): Promise<ServingCrews> {
  const crewIds = requirements.flatMap((row) => row.crewIds)
  const unitIds = requirements.flatMap((row) => row.crewUnitIds)
  const units = unitIds.length > 0 ? await problemRepository(handle).unitNames(unitIds) : []
  const pathOf = new Map(units.map((unit) => [unit.id, unit.path]))
  const found = await crews.crewsWithin(handle, { crewIds, unitPaths: [...pathOf.values()], ...window })
  const idsFor = (row: RequirementRow) => {
    const paths = row.crewUnitIds.map((id) => pathOf.get(id)!)
    return found.crews
      .filter((crew) => row.crewIds.includes(crew.id) || paths.some((path) => crew.unitPath.startsWith(path)))
      .map((crew) => crew.id)
  }
  return { ...found, idsFor }
}

/** Crews as the engine knows them: whoever belongs to one for the whole period has to be there when it serves. */
export function toCrews({ crews, places }: ServingCrews, fromOn: string, toOn: string, known: Set<string>): Crew[] {
  const whole = places.filter((one) => one.fromOn <= fromOn && (one.toOn === null || one.toOn >= toOn))
  const membersOf = Map.groupBy(whole, (one) => one.crewId)
  return crews
    .map(({ id }) => ({
      id,
      personIds: [...new Set(membersOf.get(id)?.map((one) => one.volunteerId))].filter((one) => known.has(one)),
    }))
    .filter((crew) => crew.personIds.length > 1)
}

/** Day number of the Monday before or on a date. */
const weekOf = (localDay: string): number => dayNumber(localDay) - weekdayOf(localDay) + 1

/** The same seat of a template that says so, through a week or through all of the period, belongs to one person. */
export function toLinks(planned: Pick<PlannedShifts, 'linkedBy'>, shifts: ShiftAt[], slots: SlotRow[]): LinkedSlots[] {
  const shiftOf = new Map(shifts.map((shift) => [shift.id, shift]))
  const keyOf = ({ shiftId, requirementId, seat }: SlotRow): string | undefined => {
    const shift = shiftOf.get(shiftId)
    const by = shift?.templateId ? planned.linkedBy.get(shift.templateId) : undefined
    if (!shift || !by) return undefined
    const span = by === 'week' ? `week ${weekOf(shift.localDay)}` : 'period'
    return `${shift.templateId} ${requirementId} ${seat} ${span}`
  }
  const groups = Map.groupBy(
    slots.filter((slot) => keyOf(slot) !== undefined),
    (slot) => keyOf(slot)!,
  )
  return [...groups]
    .filter(([, linked]) => linked.length > 1)
    .map(([id, linked]) => ({ id, slotIds: linked.map((slot) => slot.id) }))
}
