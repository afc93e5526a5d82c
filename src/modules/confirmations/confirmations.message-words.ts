import { earlier } from '../../time/intervals.ts'
import { instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import { instantToWall, timeOf } from '../../time/zones.ts'
import type { ConsentMode } from '../organisation/organisation.types.ts'
import { MESSAGES } from './confirmations.message-texts.ts'
import type { AskedDuty, DutyRow } from './confirmations.repository.ts'

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

const MOST_OF_A_NAME = 8
const HOUR = 3_600_000

const put = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

export const dutyInWords = (duty: DutyRow, tongue: Tongue): string =>
  [periodInWords(duty, tongue), duty.postName, duty.role].join(tongue === 'zh' ? '，' : ', ')

export const firstStart = (duties: DutyRow[]): Date => duties.map((duty) => duty.startsAt).reduce(earlier)

/** One duty a line, each on a line of its own. */
export const listed = (duties: DutyRow[], tongue: Tongue): string =>
  duties.map((duty) => `\n- ${dutyInWords(duty, tongue)}`).join('')

const dayAndTime = (instant: Date, zone: string, tongue: Tongue): string => {
  const local = instantToWall(instant, zone)
  const [month, day] = local.slice(5, 10).split('-').map(Number)
  return tongue === 'zh' ? `${month}月${day}日${timeOf(local)}` : `${day}.${month}. ${timeOf(local)}`
}

/** A deadline beside the start of a duty: in Chinese the month is said once. */
export function dueBriefly(due: Date, start: Date, zone: string, tongue: Tongue): string {
  const isSameMonth = instantToWall(due, zone).slice(0, 7) === instantToWall(start, zone).slice(0, 7)
  const text = dayAndTime(due, zone, tongue)
  return tongue === 'zh' && isSameMonth ? text.slice(text.indexOf('月') + 1) : text
}

/** '12月25日20:30起24小时城东卡点值班': the least that says when, how long and where. */
export function briefly({ startsAt, endsAt, zone, postName }: DutyRow, tongue: Tongue): string {
  const hours = Math.round(((endsAt.getTime() - startsAt.getTime()) / HOUR) * 10) / 10
  const post = Array.from(postName).slice(0, MOST_OF_A_NAME).join('')
  const start = dayAndTime(startsAt, zone, tongue)
  return tongue === 'zh' ? `${start}起${hours}小时${post}值班` : `duty ${start}, ${hours} h, ${post}`
}

/** The first duty and how many there are, for text messages. */
export function shortWords(duties: DutyRow[], tongue: Tongue) {
  const more = duties.length > 1 ? put(MESSAGES[tongue].parts.more, { count: String(duties.length) }) : ''
  return { first: duties[0] ? briefly(duties[0], tongue) : '', more }
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

export const dutiesWords = ({ duties }: DutiesFacts, tongue: Tongue) => ({ duties: listed(duties, tongue) })

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
