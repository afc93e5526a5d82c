import { table } from './report.ts'

/** One seat of a roster, with who is drafted for it. */
export interface RosterSlot {
  slotId: string
  shiftId: string
  postName: string
  role: string
  seat: number
  mandatory: boolean
  localDay: string
  startLocal: string
  draft: { displayName: string } | null
  /** Who holds it once the roster is published. */
  live: { state: string } | null
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const timeOf = ({ startLocal }: RosterSlot) => startLocal.slice(11)
const nameOf = (slot: RosterSlot | undefined) => slot?.draft?.displayName ?? '(open)'
const leadFirst = (a: RosterSlot, b: RosterSlot) =>
  Number(b.role === 'lead') - Number(a.role === 'lead') || a.seat - b.seat

/** Posts and days; of a crew its lead and how many stand with them. */
export function rosterTable(slots: readonly RosterSlot[]): string[] {
  const days = [...new Set(slots.map((slot) => slot.localDay))].sort()
  const head = ['', ...days.map((day, index) => `${WEEKDAYS[index]} ${day.slice(5)}`)]
  const rows = [...Map.groupBy(slots, (slot) => slot.postName)].flatMap(([post, ofPost]) => {
    const times = [...new Set(ofPost.map(timeOf))].sort()
    return times.map((time) => {
      const cells = days.map((day) => cellOf(ofPost.filter((slot) => slot.localDay === day && timeOf(slot) === time)))
      return [times.length > 1 ? `${post} ${time}` : post, ...cells]
    })
  })
  return table([head, ...rows])
}

function cellOf(shift: RosterSlot[]): string {
  const [first, ...others] = shift.toSorted(leadFirst)
  const drafted = others.filter((slot) => slot.draft).length
  return others.length > 0 ? `${nameOf(first)} +${drafted}` : nameOf(first)
}

/** Everybody of the first shift that has a lead, the lead first. */
export function crewOf(slots: readonly RosterSlot[]): string {
  const lead = slots.find((slot) => slot.role === 'lead')
  const crew = slots.filter((slot) => slot.shiftId === lead?.shiftId).toSorted(leadFirst)
  return `${lead?.localDay} ${lead?.postName}: ${crew.map((slot) => `${slot.role} ${nameOf(slot)}`).join(', ')}`
}
