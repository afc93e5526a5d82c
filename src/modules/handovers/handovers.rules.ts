import type { AbnormalEvent, CrewMember, HandoverState, ShiftReport, SupplyCount } from './handovers.types.ts'

export type Side = 'outgoing' | 'incoming'

/** What is written in a handover. */
export interface Content {
  situation: string | null
  supervisor: string | null
  weather: string | null
  equipmentFaults: string | null
  instructions: string | null
  peopleIn: number | null
  peopleOut: number | null
  vehiclesIn: number | null
  vehiclesOut: number | null
  abnormalEvents: AbnormalEvent[]
  supplies: SupplyCount[]
  nil: boolean
}

/** What is decided on. */
export interface Standing {
  state: HandoverState
  outgoingSignedAt: Date | null
  incomingSignedAt: Date | null
  reliefMissingAt: Date | null
  reliefCameAt: Date | null
}

export interface Fault {
  code: 'signed-already' | 'complete' | 'outgoing-first' | 'nothing-said' | 'not-of-this-crew' | 'nil-and-events'
  detail: string
}

const MINUTE = 60_000
/** A shift that begins this long before or after another one ends relieves it. */
export const RELIEF_BEFORE_MS = 30 * MINUTE
export const RELIEF_AFTER_MS = 30 * MINUTE

export const minutesAfter = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * MINUTE)

/** The shift that relieves another one: the first at the post that begins around its end, and after its start. */
export const reliefOf = <S extends { id: string; startsAt: Date; endsAt: Date }>(
  shift: Pick<S, 'id' | 'startsAt' | 'endsAt'>,
  others: S[],
): S | undefined =>
  others.find((one) => one.id !== shift.id && one.startsAt > shift.startsAt && one.endsAt > shift.endsAt)

/** Somebody of the crew is at the post, or was after this moment; whoever left before relieves nobody. */
export const isThereAfter = (crew: Pick<CrewMember, 'checkedInAt' | 'checkedOutAt'>[], moment: Date): boolean =>
  crew.some(
    ({ checkedInAt, checkedOutAt }) =>
      checkedInAt !== null && (checkedOutAt === null || Date.parse(checkedOutAt) > moment.getTime()),
  )

export const sideOf = (
  { outgoingCrew, incomingCrew }: { outgoingCrew: CrewMember[]; incomingCrew: CrewMember[] },
  volunteerId: string,
): Side | undefined => {
  const isIn = (crew: CrewMember[]) => crew.some((member) => member.volunteerId === volunteerId)
  if (isIn(outgoingCrew)) return 'outgoing'
  return isIn(incomingCrew) ? 'incoming' : undefined
}

/** Says which reports, and which filing of each, somebody had before them; undefined: none. */
export const reportsShown = (reports: Pick<ShiftReport, 'id' | 'number'>[]): string | undefined =>
  reports.map(({ id, number }) => `${id}/${number}`).join() || undefined

/** May what is written still be changed? */
export const isWritable = ({ outgoingSignedAt }: Pick<Standing, 'outgoingSignedAt'>): boolean =>
  outgoingSignedAt === null

/** Relief was missed in time and has not come since. */
export const isMissed = ({ reliefMissingAt, reliefCameAt }: Standing): boolean =>
  reliefMissingAt !== null && reliefCameAt === null

export const stateOf = ({
  outgoingSignedAt,
  incomingSignedAt,
  reliefMissingAt,
}: Omit<Standing, 'state'>): HandoverState => {
  if (outgoingSignedAt && incomingSignedAt) return 'complete'
  if (reliefMissingAt) return 'overdue'
  return outgoingSignedAt ? 'outgoing_signed' : 'due'
}

/** What forbids a signature. */
export function signFaults(
  standing: Standing,
  side: Side,
  content: Pick<Content, 'situation' | 'nil' | 'abnormalEvents'>,
): Fault[] {
  const own = side === 'outgoing' ? standing.outgoingSignedAt : standing.incomingSignedAt
  if (own) return [{ code: 'signed-already', detail: `The ${side} crew has signed already.` }]
  if (side === 'incoming') {
    if (standing.outgoingSignedAt) return []
    return [{ code: 'outgoing-first', detail: 'The outgoing crew signs first.' }]
  }
  return saidFaults(content)
}

function saidFaults({
  situation,
  nil,
  abnormalEvents,
}: Pick<Content, 'situation' | 'nil' | 'abnormalEvents'>): Fault[] {
  if (nil && abnormalEvents.length > 0) {
    return [{ code: 'nil-and-events', detail: 'Nothing to report and abnormal events exclude each other.' }]
  }
  if (nil || situation) return []
  return [
    { code: 'nothing-said', detail: 'Describe the situation, or say on purpose that there is nothing to report.' },
  ]
}
