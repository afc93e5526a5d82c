import { earlier } from '../../time/intervals.ts'
import {
  dayAndTime,
  discreetName,
  dueBriefly,
  dutyBriefly,
  instantInWords,
  periodInWords,
  type Tongue,
  wallInWords,
} from '../../time/words.ts'
import { instantToWall, timeOf } from '../../time/zones.ts'
import type { ConsentMode } from '../organisation/organisation.types.ts'
import { MESSAGES } from './confirmations.message-texts.ts'
import type { AskedDuty, DutyRow } from './confirmations.repository.ts'
import type { Told } from './confirmations.types.ts'

export interface DutiesFacts {
  duties: DutyRow[]
}

export interface RequestFacts extends DutiesFacts {
  unit: { name: string; zone: string }
  confirmBy: Date
  mode: ConsentMode
  /** Confirmed at once by a standing consent. */
  agreed: DutyRow[]
  /** Taken from the person by the same publication. */
  taken: DutyRow[]
}

const put = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

export const dutyInWords = (duty: DutyRow, tongue: Tongue): string =>
  [periodInWords(duty, tongue), duty.postName, duty.role].join(tongue === 'zh' ? '，' : ', ')

export const firstStart = (duties: DutyRow[]): Date => duties.map((duty) => duty.startsAt).reduce(earlier)

/** One duty a line, each on a line of its own. */
export const listed = (duties: DutyRow[], tongue: Tongue): string =>
  duties.map((duty) => `\n- ${dutyInWords(duty, tongue)}`).join('')

/** The first duty and how many there are, for text messages. */
export function shortWords(duties: DutyRow[], tongue: Tongue) {
  const more = duties.length > 1 ? put(MESSAGES[tongue].parts.more, { count: String(duties.length) }) : ''
  const [first] = duties
  const start = first ? dayAndTime(first.startLocal, tongue) : ''
  return { first: first ? dutyBriefly(first, tongue) : '', start, more }
}

export function requestWords(facts: RequestFacts, tongue: Tongue) {
  const { unit, duties, agreed, taken } = facts
  const { parts } = MESSAGES[tongue]
  const kind = duties.length > 0 ? facts.mode : 'agreed'
  const confirmBy = instantInWords(facts.confirmBy, unit.zone, tongue)
  const rest = (title: string, rows: DutyRow[]) => (rows.length > 0 ? `\n\n${title}${listed(rows, tongue)}` : '')
  return {
    unit: unit.name,
    title: parts.title[kind],
    ask: put(parts.ask[kind], { unit: unit.name }),
    duties: listed(kind === 'agreed' ? agreed : duties, tongue),
    agreed: kind === 'agreed' ? '' : rest(parts.agreed, agreed),
    taken: rest(parts.taken, taken),
    how: put(parts.how[kind], { confirmBy }),
    silence: put(parts.silence[kind], { confirmBy }),
    confirmBy,
    due: dueBriefly(facts.confirmBy, firstStart(kind === 'agreed' ? agreed : duties), unit.zone, tongue),
    ...shortWords(kind === 'agreed' ? agreed : duties, tongue),
  }
}

export const dutiesWords = ({ duties }: DutiesFacts, tongue: Tongue) => ({
  duties: listed(duties, tongue),
  ...shortWords(duties, tongue),
})

export interface UnheardFacts {
  people: { name: string; duties: DutyRow[] }[]
}

/** Each person with each duty, a line a duty. */
export const unheardWords = ({ people }: UnheardFacts, tongue: Tongue) => ({
  people: people
    .flatMap(({ name, duties }) => duties.map((duty) => [name, dutyInWords(duty, tongue)]))
    .map(([name, duty]) => `\n- ${name}${tongue === 'zh' ? '：' : ': '}${duty}`)
    .join(''),
})

export interface ReceiptFacts {
  receipt: string
  duties: AskedDuty[]
}

export function receiptWords({ receipt, duties }: ReceiptFacts, tongue: Tongue) {
  const { states } = MESSAGES[tongue].parts
  const stateOf = (duty: AskedDuty) => (duty.state === 'declined' ? states.declined : states.confirmed)
  return {
    receipt,
    decided: duties.map((duty) => `\n- ${dutyInWords(duty, tongue)}: ${stateOf(duty)}`).join(''),
    state: duties[0] ? stateOf(duties[0]) : '',
    ...shortWords(duties, tongue),
  }
}

export interface BriefingFacts {
  duty: DutyRow
  arriveBy: Date
  /** Who else stands the same shift. */
  partners: { name: string; role: string }[]
}

const MOST_PARTNERS = 6

/** All that somebody needs to know the evening before. */
export function briefingWords({ duty, arriveBy, partners }: BriefingFacts, tongue: Tongue) {
  const { parts } = MESSAGES[tongue]
  const named = partners.slice(0, MOST_PARTNERS).map(({ name, role }) => `${discreetName(name)} (${role})`)
  const lines = [
    named.length > 0 && put(parts.partners, { partners: named.join(tongue === 'zh' ? '、' : ', ') }),
    duty.instructions && put(parts.bring, { bring: duty.instructions }),
  ]
  return {
    ...dutiesWords({ duties: [duty] }, tongue),
    arriveBy: instantInWords(arriveBy, duty.zone, tongue),
    time: timeOf(instantToWall(arriveBy, duty.zone)),
    details: lines
      .filter(Boolean)
      .map((line) => `\n${line}`)
      .join(''),
  }
}

const toldInWords = ({ startLocal, endLocal, postName, postAddress, role }: Told, tongue: Tongue): string =>
  [`${wallInWords(startLocal, tongue)} – ${wallInWords(endLocal, tongue)}`, postName, postAddress, role]
    .filter(Boolean)
    .join(tongue === 'zh' ? '，' : ', ')

export interface ChangedFacts {
  duties: (DutyRow & { told: Told | null })[]
}

/** What each duty was when its holder was last told of it, and what it is. */
export function changedWords({ duties }: ChangedFacts, tongue: Tongue) {
  const { was, is } = MESSAGES[tongue].parts
  const changes = duties.map(
    (duty) => `\n- ${was}: ${toldInWords(duty.told!, tongue)}\n  ${is}: ${toldInWords(duty, tongue)}`,
  )
  return { changes: changes.join(''), ...shortWords(duties, tongue) }
}
