import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink, type Link } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { FilingDesk } from './duty-reports.filing.ts'
import { type ChildFacts, dutyReportsRepository, type FilingRow, type ReportFacts } from './duty-reports.repository.ts'
import { receiverKey, sumsOf } from './duty-reports.rules.ts'
import type { PageForm } from './duty-reports.schemas.ts'
import type { Addressee } from './duty-reports.types.ts'
import type { Watch } from './duty-reports.watch.ts'
import { type ReceiptRow, receiptsRepository } from './receipts.repository.ts'
import { asContent, type ContentFault, checkContent } from './report-check.ts'
import { contentOf, type FormBody, readForm, type Typed, typedOf } from './report-form.rules.ts'

export interface FilingPage {
  kind: 'filing'
  facts: ReportFacts
  locale: Locale
  name: string
  children: ChildFacts[]
  last: { filing: FilingRow; by: string | null } | undefined
  typed: Typed
  note: string
  prefilled: boolean
  faults: ContentFault[]
  notice: 'choose' | 'changed' | 'chased' | undefined
  /** The list of events that shall have more rows. */
  more: string | undefined
}

export interface ReadingPage {
  kind: 'reading'
  facts: ReportFacts
  locale: Locale
  receipt: ReceiptRow
  last: { filing: FilingRow; by: string | null }
  onward: { name: string; sent: boolean }[]
}

export type LinkedReport = FilingPage | ReadingPage
/** What came of a form: go back to the page, or show it again with a status. */
export type FormOutcome = { again: true } | { page: LinkedReport; status: number }
type Form = z.output<typeof PageForm>

/** Names the schema of an obligation for good. */
export const schemaKey = ({ obligation }: Pick<ReportFacts, 'obligation'>) => `${obligation.id}/${obligation.version}`

/** The pages behind personal links: filing for those who report, reading for those who receive. */
export function createReportLinks(deps: Foundations & { desk: FilingDesk; watch: Watch }) {
  const { db, clock, desk, watch } = deps

  async function personOf(handle: Handle, volunteerId: string): Promise<{ name: string; locale: Locale } | undefined> {
    const [row] = await handle
      .select({ name: volunteers.displayName, locale: volunteers.locale })
      .from(volunteers)
      .where(eq(volunteers.id, volunteerId))
    return row
  }

  async function nameOf(handle: Handle, receiver: Addressee): Promise<{ name: string; locale: Locale | undefined }> {
    if ('address' in receiver) return { name: receiver.name, locale: receiver.locale }
    if ('volunteerId' in receiver) return (await personOf(handle, receiver.volunteerId))!
    const [unit] = await handle
      .select({ name: units.name, locale: units.locale })
      .from(units)
      .where(eq(units.id, receiver.unitId))
    return unit!
  }

  const lastOf = async (handle: Handle, id: string) => (await dutyReportsRepository(handle).filingsOf([id])).at(-1)

  async function filingPage(handle: Handle, link: Link, facts: ReportFacts): Promise<FilingPage> {
    const { schema } = facts.obligation
    const children = await dutyReportsRepository(handle).childrenOf(facts.report)
    const last = await lastOf(handle, facts.report.id)
    const sums = last ? {} : sumsOf(schema, children)
    const person = await personOf(handle, link.volunteerId)
    return {
      kind: 'filing',
      facts,
      locale: person?.locale ?? facts.unitLocale,
      name: person?.name ?? '',
      children,
      last,
      typed: typedOf(schema, last?.filing.content ?? sums),
      note: last?.filing.note ?? '',
      prefilled: Object.keys(sums).length > 0,
      faults: [],
      notice: undefined,
      more: undefined,
    }
  }

  async function readingPage(handle: Handle, receipt: ReceiptRow): Promise<ReadingPage> {
    const facts = (await dutyReportsRepository(handle).findReport(receipt.reportId))!
    const mine = facts.obligation.receivers.find((one) => receiverKey(one) === receipt.receiverKey)
    const known = new Set((await receiptsRepository(handle).receiptsOf(receipt.reportId)).map((one) => one.receiverKey))
    const onward: ReadingPage['onward'] = []
    for (const one of mine?.onward ?? []) {
      onward.push({ name: (await nameOf(handle, one)).name, sent: known.has(receiverKey(one)) })
    }
    const { locale } = await nameOf(handle, receipt.receiver)
    const last = (await lastOf(handle, receipt.reportId))!
    return { kind: 'reading', facts, locale: locale ?? facts.unitLocale, receipt, last, onward }
  }

  /** What the link is for: a report to be filed, or a receipt of one that was. */
  async function read(handle: Handle, link: Link): Promise<LinkedReport | undefined> {
    const receipt = await receiptsRepository(handle).find(link.subjectId)
    if (receipt) return readingPage(handle, receipt)
    const facts = await dutyReportsRepository(handle).findReport(link.subjectId)
    return facts && filingPage(handle, link, facts)
  }

  async function answerReading(
    tx: Tx,
    link: Link,
    receipt: ReceiptRow,
    form: Form,
    requestId: string,
  ): Promise<FormOutcome> {
    const now = clock.now()
    const occasion = { tx, actor: linkHolder(link.id, requestId), now }
    const report = (await dutyReportsRepository(tx).lockReport(receipt.reportId))!
    const facts = { ...(await dutyReportsRepository(tx).findReport(report.id))!, report }
    if (form.do === 'read') {
      const seen = Math.min(Math.max(form.number, 1), report.filings)
      const ticked = await receiptsRepository(tx).tick(receipt.id, seen, now)
      if (ticked) {
        await audit(tx, occasion.actor, now, {
          action: 'report.read',
          subject: { type: 'report', id: report.id },
          unitId: report.unitId,
          facts: { receiptId: receipt.id, number: seen },
        })
      }
      return { again: true }
    }
    if (form.do === 'forward') {
      await desk.passOn(occasion, facts, receipt)
      return { again: true }
    }
    return { page: await readingPage(tx, receipt), status: 400 }
  }

  async function answerFiling(
    tx: Tx,
    link: Link,
    reportId: string,
    form: Form,
    requestId: string,
  ): Promise<FormOutcome> {
    const now = clock.now()
    const occasion = { tx, actor: linkHolder(link.id, requestId), now }
    const report = (await dutyReportsRepository(tx).lockReport(reportId))!
    const facts = { ...(await dutyReportsRepository(tx).findReport(reportId))!, report }
    const page = await filingPage(tx, link, facts)
    if (form.do === 'chase') {
      await watch.chase(occasion, facts)
      return { page: { ...page, notice: 'chased' }, status: 200 }
    }
    const { volunteerId } = link
    if (form.do === 'nil' && form.number === report.filings) {
      await desk.file(occasion, facts, { content: null, note: null, volunteerId })
      return { again: true }
    }
    const { schema } = facts.obligation
    const typed = form.do === 'nil' ? page.typed : readForm(schema, form as FormBody)
    const shown: FilingPage = { ...page, typed, note: form.note, prefilled: false }
    if (form.do.startsWith('more.')) return { page: { ...shown, more: form.do.slice(5) }, status: 200 }
    if (form.do !== 'file' && form.do !== 'nil') return { page: { ...shown, notice: 'choose' }, status: 400 }
    const content = form.do === 'nil' ? null : contentOf(schema, typed)
    const faults = content ? checkContent(schema, schemaKey(facts), content) : []
    if (faults.length > 0) return { page: { ...shown, faults }, status: 422 }
    const filing = { content: content && asContent(content), note: form.note.trim() || null, volunteerId }
    // Sent twice is said once; what somebody else said meanwhile has to be looked at first.
    const seen = form.number === report.filings || (await desk.isSaid(tx, reportId, filing))
    if (!seen) return { page: { ...shown, notice: 'changed' }, status: 409 }
    await desk.file(occasion, facts, filing)
    return { again: true }
  }

  return {
    async openLink(secret: string): Promise<LinkedReport | undefined> {
      const link = await findLink(db, secret, 'report', clock.now())
      return link && read(db, link)
    },

    async answerLink(secret: string, form: Form, requestId: string): Promise<FormOutcome | undefined> {
      return db.transaction(async (tx) => {
        const link = await holdLink(tx, secret, 'report', clock.now())
        if (!link) return undefined
        const receipt = await receiptsRepository(tx).find(link.subjectId)
        if (receipt) return answerReading(tx, link, receipt, form, requestId)
        const known = await dutyReportsRepository(tx).findReport(link.subjectId)
        return known && answerFiling(tx, link, known.report.id, form, requestId)
      })
    },
  }
}
