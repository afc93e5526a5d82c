import type { Readable } from 'node:stream'
import type { PdfColumn } from '../../platform/files/pdf-table.ts'
import { writeTablePdf } from '../../platform/files/pdf-table.ts'
import { periodInWords } from '../../time/words.ts'
import { instantToWall } from '../../time/zones.ts'
import type { rosterFilesRepository, Seat } from './roster-files.repository.ts'
import { TEXTS } from './roster-files.texts.ts'
import type { Language } from './roster-files.types.ts'

type ShiftAt = NonNullable<Awaited<ReturnType<ReturnType<typeof rosterFilesRepository>['findShift']>>>

/** Room for those who come without being on the list. */
const BLANK_LINES = 4
const ROW_MM = 12

/** A list to sign in and out by hand, one line for each seat and some more. */
export function attendanceSheetPdf(
  { shift, ...at }: ShiftAt,
  seats: readonly Seat[],
  lang: Language,
  now: Date,
): Readable {
  const texts = TEXTS[lang]
  const { facts, columns, signatures } = texts.attendance
  const printed = texts.printed(instantToWall(now, shift.zone).replace('T', ' '))
  const stands = [at.version ? texts.version(at.version) : texts.unpublished, printed].join(texts.pause)
  const hours = `${shift.startLocal.replace('T', ' ')} – ${shift.endLocal.replace('T', ' ')}`
  const people = seats.filter((seat) => seat.name !== null || seat.mandatory)
  const blanks = Array.from({ length: BLANK_LINES }, () => ({ name: null, personNumber: null, role: null }))
  const column = (key: keyof typeof columns, width: number): PdfColumn => ({
    key,
    header: columns[key],
    type: 'text',
    width,
    align: key === 'number' ? 'center' : 'left',
  })
  return writeTablePdf({
    title: texts.sheet(at.unitName),
    subtitle: periodInWords(shift, lang),
    language: texts.language,
    madeAt: now,
    orientation: 'landscape',
    words: { page: (page, pages) => `${stands} · ${texts.page(page, pages)}`, missing: texts.missing },
    tables: [
      {
        facts: [
          { label: `${facts.post}:`, value: at.postName },
          {
            label: `${facts.time}:`,
            value: shift.kind === 'standby' ? texts.onStandby(hours) : hours,
          },
          ...(at.address ? [{ label: `${facts.address}:`, value: at.address }] : []),
          ...(at.phone ? [{ label: `${facts.phone}:`, value: at.phone }] : []),
        ],
        columns: [
          column('number', 5),
          column('name', 14),
          column('personNumber', 13),
          column('role', 9),
          column('in', 11),
          column('inSign', 14),
          column('out', 11),
          column('outSign', 14),
          column('remarks', 16),
        ],
        rows: [...people, ...blanks].map(({ name, personNumber, role }, index) => ({
          number: index + 1,
          name,
          personNumber,
          role,
        })),
        rowHeight: ROW_MM,
      },
    ],
    closing: { signatures, seal: { label: texts.seal, shape: 'round' } },
  })
}
