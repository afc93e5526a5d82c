import { type CsvFile, readCsv, type WantedColumn } from '../../platform/files/csv-read.ts'
import { UnreadableFileError } from '../../platform/files/problems.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import { isLocalDate } from '../../time/zones.ts'
import { KIND_WORDS, type NamedDay, readDay } from './holidays.rules.ts'

const COLUMNS = [
  { key: 'day', headers: ['day', 'date', '日期'], required: true },
  { key: 'kind', headers: ['kind', '类型', '类别'], required: true },
  { key: 'name', headers: ['name', '名称', '节日'] },
] as const satisfies readonly WantedColumn[]

export interface RowProblem {
  row: number
  column: string | null
  code: string
  detail: string
}

export interface ReadHolidays {
  encoding: string
  days: NamedDay[]
  problems: RowProblem[]
}

async function open(upload: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  try {
    return await readCsv(upload, COLUMNS)
  } catch (error) {
    if (error instanceof UnreadableFileError) throw new ProblemError(422, error.code, error.message)
    throw error
  }
}

/** All days of a file and everything wrong with it, row by row. */
export async function readHolidays(upload: AsyncIterable<Uint8Array>): Promise<ReadHolidays> {
  const file = await open(upload)
  const days = new Map<string, NamedDay>()
  const problems: RowProblem[] = []
  for await (const record of file.records) {
    const { row } = record
    if ('problem' in record) {
      problems.push({ row, column: null, code: record.problem, detail: record.message })
      continue
    }
    const { values } = record
    const found: RowProblem[] = []
    const day = readDay(values.day!)
    const kind = KIND_WORDS.get(values.kind!.trim().toLowerCase())
    if (!day || !isLocalDate(day)) {
      found.push({ row, column: 'day', code: 'day-wrong', detail: `"${values.day}" is no date such as 2026-05-01.` })
    } else if (days.has(day)) {
      found.push({ row, column: 'day', code: 'day-twice', detail: `${day} stands in this file twice.` })
    }
    if (!kind) {
      const detail = `"${values.kind}" is none of ${[...KIND_WORDS.keys()].join(', ')}.`
      found.push({ row, column: 'kind', code: 'kind-unknown', detail })
    }
    if (found.length === 0) days.set(day!, { day: day!, kind: kind!, name: values.name!.trim() || values.kind!.trim() })
    problems.push(...found)
  }
  return { encoding: file.encoding, days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), problems }
}
