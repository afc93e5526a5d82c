import { unguard } from './formula-guard.ts'
import { UnreadableFileError } from './problems.ts'

/** A column we look for, under any of its headers; case, full-width forms and blanks do not matter. */
export type WantedColumn = { key: string; headers: readonly string[]; required?: boolean }

/** `keys` has the wanted column of each cell, undefined where nobody asked for it. */
export type HeaderMap = { keys: (string | undefined)[]; unknown: string[] }

const comparable = (header: string) => header.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

export function mapHeader(cells: readonly string[], wanted: readonly WantedColumn[]): HeaderMap {
  const keyOf = new Map(wanted.flatMap(({ key, headers }) => headers.map((header) => [comparable(header), key])))
  const keys = cells.map((cell) => keyOf.get(comparable(unguard(cell))))
  const unknown = cells.filter((cell, index) => keys[index] === undefined && cell.trim() !== '')
  return { keys, unknown }
}

export const countKnown = (map: HeaderMap) => map.keys.filter((key) => key !== undefined).length

/** Throws UnreadableFileError when a required column is absent or any column comes twice. */
export function assertComplete(map: HeaderMap, wanted: readonly WantedColumn[]): void {
  const missing = wanted.filter(({ key, required }) => required && !map.keys.includes(key))
  if (missing.length > 0) {
    const names = missing.map(({ headers }) => `"${headers[0]}"`).join(', ')
    throw new UnreadableFileError('missing-columns', `The file has no column ${names}. Its first row must name them.`)
  }
  const twice = wanted.filter(({ key }) => map.keys.indexOf(key) !== map.keys.lastIndexOf(key))
  if (twice.length > 0) {
    const names = twice.map(({ headers }) => `"${headers[0]}"`).join(', ')
    throw new UnreadableFileError('duplicate-header', `The file has the column ${names} more than once.`)
  }
}
