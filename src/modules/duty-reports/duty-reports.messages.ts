import type { Handle } from '../../platform/db/client.ts'
import { type Tongue, wallInWords } from '../../time/words.ts'
import { defineTemplate, type Loaded, type MessageRow } from '../notifications/notifications.types.ts'
import { dutyReportsRepository, type ReportFacts } from './duty-reports.repository.ts'
import { minutesAfter, wordsIn } from './duty-reports.rules.ts'
import { isFiled } from './duty-reports.states.ts'
import { type ReportTexts, TEXTS } from './duty-reports.texts.ts'
import { type ReceiptRow, receiptsRepository } from './receipts.repository.ts'

export const REPORT_PATH = '/r'
const DAY_MINUTES = 1440
/** A report can be filed late, or corrected, for so long by its link. */
const FILING_DAYS = 7
const READING_DAYS = 30

type MessageName = keyof ReportTexts['messages']
const textsOf = (name: MessageName) => ({
  zh: TEXTS.zh.messages[name],
  en: TEXTS.en.messages[name],
  bo: TEXTS.bo.messages[name],
})

const shortOf = (name: keyof ReportTexts['shorts']) => ({
  zh: TEXTS.zh.shorts[name],
  en: TEXTS.en.shorts[name],
  bo: TEXTS.bo.shorts[name],
})

const reportWords = ({ report, obligation, unitName, postName }: ReportFacts, tongue: Tongue) => ({
  title: wordsIn(obligation.name, tongue) ?? '',
  unit: postName ? `${unitName} · ${postName}` : unitName,
  due: wallInWords(report.dueLocal, tongue),
})

const filingLink = ({ report }: ReportFacts) => ({
  purpose: 'report' as const,
  subjectId: report.id,
  expiresAt: minutesAfter(report.dueAt, FILING_DAYS * DAY_MINUTES),
  path: REPORT_PATH,
})

/** Of no use once somebody has filed. */
async function loadOpen(handle: Handle, message: MessageRow): Promise<Loaded<ReportFacts> | undefined> {
  const facts = await dutyReportsRepository(handle).findReport(message.subjectId)
  return facts && !isFiled(facts.report.state) ? { facts } : undefined
}

const toReporter = (name: keyof ReportTexts['shorts']) =>
  defineTemplate<ReportFacts>({
    urgent: true,
    async load(handle, message) {
      const loaded = await loadOpen(handle, message)
      return loaded && { ...loaded, link: filingLink(loaded.facts) }
    },
    words: reportWords,
    texts: textsOf(name),
    short: shortOf(name),
  })

const toUnit = (name: MessageName) =>
  defineTemplate<ReportFacts>({ urgent: true, load: loadOpen, words: reportWords, texts: textsOf(name) })

export const dutyReportsTemplates = {
  'report-reminder': toReporter('report-reminder'),
  'report-chase': toReporter('report-chase'),
  'report-late': toReporter('report-late'),
  'report-nobody': toUnit('report-nobody'),
  'report-alarm': toUnit('report-alarm'),
  'report-missing': toUnit('report-missing'),
  'report-part-late': defineTemplate<{ whole: ReportFacts; part: ReportFacts }>({
    urgent: true,
    async load(handle, message) {
      const whole = (await loadOpen(handle, message))?.facts
      const part = await dutyReportsRepository(handle).findReport(message.params.partId ?? '')
      if (!whole || !part || isFiled(part.report.state)) return undefined
      return { facts: { whole, part }, link: filingLink(whole) }
    },
    words({ whole, part }, tongue) {
      const { title, unit } = reportWords(part, tongue)
      return { ...reportWords(whole, tongue), part: title, partUnit: unit }
    },
    texts: textsOf('report-part-late'),
    short: shortOf('report-part-late'),
  }),
  'report-filed': defineTemplate<ReportFacts & { receipt: ReceiptRow }>({
    urgent: true,
    async load(handle, message, now) {
      const receipt = await receiptsRepository(handle).find(message.subjectId)
      const facts = receipt && (await dutyReportsRepository(handle).findReport(receipt.reportId))
      if (!facts) return undefined
      return {
        facts: { ...facts, receipt },
        link: {
          purpose: 'report',
          subjectId: receipt.id,
          holderId: receipt.id,
          expiresAt: minutesAfter(now, READING_DAYS * DAY_MINUTES),
          path: REPORT_PATH,
        },
      }
    },
    words(facts, tongue) {
      const texts = TEXTS[tongue]
      return {
        ...reportWords(facts, tongue),
        amended: facts.report.filings > 1 ? texts.amended : '',
        summary: facts.report.isNil ? texts.summaryNil : texts.summaryContent,
      }
    },
    texts: textsOf('report-filed'),
    short: shortOf('report-filed'),
  }),
}
