import type { Readable } from 'node:stream'
import { writeCertificatePdf } from '../../platform/files/pdf-certificate.ts'
import type { PdfFact, PdfTable } from '../../platform/files/pdf-table.ts'
import { qrMatrix } from '../../platform/files/qr.ts'
import { addLocalDays } from '../../time/zones.ts'
import type { CertificateRow } from './certificates.repository.ts'
import { codeText, hoursText, numberText } from './certificates.rules.ts'
import { TEXTS, type Texts } from './certificates.texts.ts'

/** The paper, made of nothing but the frozen row: the same row gives the same bytes. */
export function certificatePdf(row: CertificateRow): Readable {
  const texts = TEXTS[row.lang]
  const other = TEXTS[row.lang === 'zh' ? 'en' : 'zh']
  const { facts } = row
  const [from, until] = [texts.day(row.fromOn), texts.day(addLocalDays(row.toOn, -1))]
  const said = { name: facts.name, from, until, hours: hoursText(facts.minutes), duties: facts.duties }
  return writeCertificatePdf({
    title: `${row.draft ? texts.draft : ''}${texts.title[row.kind]}`,
    subtitle: other.title[row.kind],
    language: texts.language,
    madeAt: row.issuedAt,
    words: { page: texts.page, missing: texts.missing },
    number: texts.number(numberText(row.year, row.serial)),
    paragraphs: [texts.sentence[row.kind](said), texts.closing].filter(Boolean),
    facts: factsOf(row, texts, texts.period(from, until)),
    notes: texts.notes,
    closing: { signatures: texts.signatures, seal: { label: texts.seal, shape: 'round' } },
    check: {
      matrix: qrMatrix(facts.verifyUrl),
      lines: [texts.code(codeText(row.checkCode)), texts.check(facts.verifyUrl)],
    },
    list: postsTable(row, texts),
  })
}

function factsOf({ facts }: CertificateRow, texts: Texts, period: string): PdfFact[] {
  const { inCharge } = facts
  const lines: [string, string | null | undefined][] = [
    [texts.facts.name, facts.name],
    [texts.facts.documentType, facts.document && texts.documents[facts.document.type]],
    [texts.facts.documentNumber, facts.document?.number],
    [texts.facts.personNumber, facts.personNumber],
    [texts.facts.period, period],
    [texts.facts.hours, texts.hours(hoursText(facts.minutes))],
    [texts.facts.duties, String(facts.duties)],
    [texts.facts.issuer, facts.issuer],
    [texts.facts.inCharge, inCharge && texts.inCharge(inCharge)],
    [texts.facts.contact, inCharge?.contact],
    [texts.facts.issuedOn, texts.day(facts.issuedOn)],
  ]
  return lines.flatMap(([label, value]) => (value ? [{ label, value }] : []))
}

const postsTable = ({ facts }: CertificateRow, texts: Texts): PdfTable => ({
  heading: texts.list,
  columns: [
    { key: 'post', header: texts.columns.post, type: 'text', width: 40 },
    { key: 'duties', header: texts.columns.duties, type: 'integer' },
    { key: 'hours', header: texts.columns.hours, type: 'decimal', width: 12 },
  ],
  rows: facts.posts.map(({ name, duties, minutes }) => ({ post: name, duties, hours: hoursText(minutes) })),
})
