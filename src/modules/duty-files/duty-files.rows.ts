import type { Row } from '../../platform/files/columns.ts'
import { maskedEmail, maskedNumber, maskedPhone } from '../../platform/files/masking.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { instantToWall } from '../../time/zones.ts'
import { wordsIn } from '../duty-reports/duty-reports.rules.ts'
import type { ReportLine } from '../duty-reports/duty-reports.stream.ts'
import type { Content, ReportSchema, Scalar, ScalarField } from '../duty-reports/duty-reports.types.ts'
import type { CrewMember, HandoverLine, ShiftReport } from '../handovers/handovers.types.ts'
import type { AttendanceRecord, PersonRecord } from './duty-files.repository.ts'
import { TEXTS } from './duty-files.texts.ts'

/** In which language, and whether as programs read it: with the words of the API. */
export interface Tellers {
  lang: Locale
  plain: boolean
}

const SEPARATOR = '; '
const wall = (instant: Date | string | null, zone: string) => (instant ? instantToWall(new Date(instant), zone) : null)
const crew = (members: readonly CrewMember[]) => members.map(({ name, role }) => `${name} (${role})`).join(SEPARATOR)
const signed = (by: string | null, at: Date | null, zone: string) =>
  by ? `${by} ${wall(at, zone)!.replace('T', ' ')}` : null

/** With the number of its newest filing. */
const reportInWords = ({ name, number, nil }: ShiftReport, lang: Locale, plain: boolean): string =>
  `${wordsIn(name, lang)} #${number}${nil ? ` (${plain ? 'nil' : TEXTS[lang].reports.nil})` : ''}`

/** Whoever has read no more than an earlier filing is named with it. */
const readersInWords = ({ name, number, readBy }: ShiftReport, lang: Locale): string[] => {
  const readers = readBy.map((reader) => (reader.number < number ? `${reader.name} #${reader.number}` : reader.name))
  return readers.length > 0 ? [`${wordsIn(name, lang)}: ${readers.join(', ')}`] : []
}

export const handoverRow =
  ({ lang, plain }: Tellers) =>
  (line: HandoverLine): Row => {
    const counts = [line.peopleIn, line.peopleOut, line.vehiclesIn, line.vehiclesOut]
    const { zone } = line
    return {
      unit: line.unitName,
      post: line.postName,
      planned: wall(line.plannedAt, zone),
      actual: wall(line.actualAt, zone),
      state: plain ? line.state : TEXTS[lang].handovers.states[line.state],
      outgoing: crew(line.outgoingCrew),
      incoming: crew(line.incomingCrew),
      supervisor: line.supervisor,
      situation: line.situation,
      traffic: counts.every((count) => count === null) ? null : counts.map((count) => count ?? '–').join('/'),
      events: line.abnormalEvents
        .map(({ text, reportNumber }) => (reportNumber ? `${text} [${reportNumber}]` : text))
        .join(SEPARATOR),
      matters: line.matters
        .map(({ text, owner, closedAt }) => `${closedAt ? '✓ ' : ''}${text}${owner ? ` (${owner})` : ''}`)
        .join(SEPARATOR),
      supplies: line.supplies.map(({ name, count }) => `${name} ${count}`).join(SEPARATOR),
      faults: line.equipmentFaults,
      instructions: line.instructions,
      weather: line.weather,
      reportCount: line.reports.length,
      reports: line.reports.map((report) => reportInWords(report, lang, plain)).join(SEPARATOR),
      reportsReadBy: line.reports.flatMap((report) => readersInWords(report, lang)).join(SEPARATOR),
      outgoingSigned: signed(line.outgoingSignedBy, line.outgoingSignedAt, zone),
      incomingSigned: signed(line.incomingSignedBy, line.incomingSignedAt, zone),
      relief: wall(line.reliefMissingAt, zone),
      seen: line.seenBy.map((one) => one.seenBy).join(SEPARATOR),
    }
  }

/** Titles instead of names, where the schema has some. */
function contentInWords(content: Content, { properties }: ReportSchema, lang: Locale): string {
  const said = (field: ScalarField, value: Scalar): string => {
    if (typeof value === 'boolean') return TEXTS[lang].reports[value ? 'yes' : 'no']
    const titles = 'enum' in field ? field['x-enum-titles'] : undefined
    return wordsIn(titles?.[String(value)], lang) ?? String(value)
  }
  // What the database keeps has no order of its own; the schema has.
  const inOrder = <T>(fields: Record<string, T>, of: object) => Object.entries(fields).filter(([name]) => name in of)
  return inOrder(properties, content)
    .map(([name, field]) => {
      const value = content[name]!
      const title = wordsIn(field['x-titles'], lang) ?? field.title ?? name
      if (!Array.isArray(value)) return `${title}: ${said(field as ScalarField, value)}`
      const columns = field.type === 'array' ? field.items.properties : {}
      const entries = value.map((entry) => inOrder(columns, entry).map(([key, one]) => said(one, entry[key]!)))
      return `${title}: ${entries.map((words) => words.join(' ')).join(', ')}`
    })
    .join(SEPARATOR)
}

export const reportRow =
  ({ lang, plain }: Tellers) =>
  (line: ReportLine): Row => {
    const { reports } = TEXTS[lang]
    const kinds = plain ? { nil: 'nil', content: 'content' } : reports
    return {
      day: line.localDay,
      unit: line.unit,
      obligation: wordsIn(line.obligation, lang),
      post: line.post,
      due: line.dueLocal,
      zone: line.zone,
      state: plain ? line.state : reports.states[line.state],
      kind: line.isNil === null ? null : kinds[line.isNil ? 'nil' : 'content'],
      firstFiled: wall(line.firstFiledAt, line.zone),
      lastFiled: wall(line.lastFiledAt, line.zone),
      filings: line.filings,
      filedBy: line.filedBy,
      read: `${line.readers}/${line.receivers}`,
      content: line.content && contentInWords(line.content, line.schema, lang),
      note: line.note,
    }
  }

export const attendanceRow =
  ({ lang, plain }: Tellers) =>
  ({ personClass, kind, state, inSource, outSource, ...line }: AttendanceRecord): Row => {
    const { attendance, people } = TEXTS[lang]
    return {
      ...line,
      personClass: plain ? personClass : people.classes[personClass],
      kind: plain ? kind : attendance.kinds[kind],
      state: plain ? state : attendance.states[state],
      inSource: inSource && (plain ? inSource : attendance.sources[inSource]),
      outSource: outSource && (plain ? outSource : attendance.sources[outSource]),
    }
  }

export const personRow =
  ({ lang, plain }: Tellers, masked: boolean) =>
  ({ phone, email, home, personNumber, personClass, ...person }: PersonRecord): Row => ({
    ...person,
    personClass: plain ? personClass : TEXTS[lang].people.classes[personClass],
    personNumber: masked && personNumber ? maskedNumber(personNumber) : personNumber,
    phone: masked && phone ? maskedPhone(phone) : phone,
    email: masked && email ? maskedEmail(email) : email,
    home: masked ? null : home,
  })
