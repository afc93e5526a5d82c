import { isLocalDateTime, wallToInstant } from '../../time/zones.ts'
import type { LinkedHandover, PageStep } from './handovers.service.ts'

/** Things every post counts; the page asks for them by name, and keeps what else was counted. */
export const SUPPLIES = ['masks', 'thermometers', 'disinfectant', 'radios', 'keys', 'vests'] as const
export const NEW_EVENTS = 2
export const NEW_MATTERS = 2
export const COUNTS = ['peopleIn', 'peopleOut', 'vehiclesIn', 'vehiclesOut'] as const
export const LINES = ['supervisor', 'weather'] as const
export const PARAGRAPHS = ['situation', 'equipmentFaults', 'instructions'] as const

/** What a browser sends: a field may come several times. */
export type Sent = Record<string, string | string[]>

const LONGEST = { line: 200, paragraph: 2_000, event: 1_000 }

const one = (sent: Sent, name: string): string => [sent[name] ?? ''].flat()[0]!.trim()
const text = (sent: Sent, name: string, longest: number): string | null => one(sent, name).slice(0, longest) || null

/** null for nothing, undefined for what is no number. */
function count(sent: Sent, name: string): number | null | undefined {
  const said = one(sent, name).normalize('NFKC')
  if (said === '') return null
  return /^\d{1,6}$/.test(said) ? Number(said) : undefined
}

const rows = (most: number) => Array.from({ length: most }, (_, index) => index)

const MOST_EVENTS = 50

function eventsIn(sent: Sent) {
  return rows(MOST_EVENTS).flatMap((index) => {
    const said = text(sent, `event${index}`, LONGEST.event)
    const reportNumber = text(sent, `report${index}`, LONGEST.line) ?? undefined
    return said ? [{ text: said, reportNumber }] : []
  })
}

function mattersIn(sent: Sent, zone: string) {
  return rows(NEW_MATTERS).flatMap((index) => {
    const said = text(sent, `matter${index}`, LONGEST.event)
    const due = one(sent, `due${index}`).slice(0, 16)
    const dueAt = isLocalDateTime(due) ? wallToInstant(due, zone, 'end').toISOString() : null
    return said ? [{ text: said, owner: text(sent, `owner${index}`, LONGEST.line), dueAt }] : []
  })
}

const UUID = /^[0-9a-f-]{36}$/

/** What somebody of a crew has sent, or undefined when a number in it is none. */
export function stepIn(sent: Sent, { handover }: LinkedHandover): PageStep | undefined {
  const counts = COUNTS.map((name) => [name, count(sent, name)] as const)
  const supplies = SUPPLIES.map((name) => ({ name, count: count(sent, `supply-${name}`) }))
  if ([...counts.map(([, value]) => value), ...supplies.map((supply) => supply.count)].includes(undefined)) {
    return undefined
  }
  const others = handover.supplies.filter(({ name }) => !(SUPPLIES as readonly string[]).includes(name))
  const patch = {
    ...Object.fromEntries(LINES.map((name) => [name, text(sent, name, LONGEST.line)])),
    ...Object.fromEntries(PARAGRAPHS.map((name) => [name, text(sent, name, LONGEST.paragraph)])),
    ...Object.fromEntries(counts),
    abnormalEvents: eventsIn(sent),
    supplies: [
      ...supplies.flatMap(({ name, count }) => (typeof count === 'number' ? [{ name, count }] : [])),
      ...others,
    ],
    nil: one(sent, 'nil') === 'yes',
    newMatters: mattersIn(sent, handover.zone),
    closedMatterIds: [sent.done ?? []].flat().filter((id) => UUID.test(id)),
  }
  return {
    step: one(sent, 'step') === 'sign' ? 'sign' : 'save',
    version: Number(one(sent, 'version')) || 0,
    patch,
    remark: text(sent, 'remark', LONGEST.paragraph) ?? undefined,
    reports: one(sent, 'reports') || undefined,
  }
}
