import type { QrMatrix } from '../../../src/platform/files/qr.ts'

/** The order of bits that the standard gives both format copies (ISO/IEC 18004, 7.9.1), as [row, column]. */
const FIRST_COPY = [0, 1, 2, 3, 4, 5, 7, 8].map((row) => [row, 8]).concat([7, 5, 4, 3, 2, 1, 0].map((at) => [8, at]))
const MASKS: ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
]

export type QrFormat = { level: 'L' | 'M' | 'Q' | 'H'; mask: number; copiesAgree: boolean }

export function readFormat(matrix: QrMatrix): QrFormat {
  const size = matrix.length
  const second = Array.from({ length: 15 }, (_, bit) => (bit < 8 ? [8, size - 1 - bit] : [size - 15 + bit, 8]))
  const value = (places: number[][]) =>
    places.reduce((bits, [row, column], bit) => bits | (Number(matrix[row!]![column!]) << bit), 0)
  const bits = value(FIRST_COPY) ^ 0b101010000010010
  return {
    level: (['M', 'L', 'H', 'Q'] as const)[bits >> 13]!,
    mask: (bits >> 10) & 7,
    copiesAgree: value(FIRST_COPY) === value(second),
  }
}

/** Reads bytes out of a code of version 1 to 6 whose words are all in one block, trusting that none is damaged. */
export function readBytes(matrix: QrMatrix): Buffer {
  const mask = MASKS[readFormat(matrix).mask]!
  const bits = [...places(matrix.length)].map(([row, column]) => matrix[row]![column]! !== mask(row, column))
  const number = (from: number, length: number) =>
    bits.slice(from, from + length).reduce((sum, bit) => sum * 2 + Number(bit), 0)
  if (number(0, 4) !== 0b0100) throw new Error('The code does not hold bytes.')
  return Buffer.from(Array.from({ length: number(4, 8) }, (_, index) => number(12 + index * 8, 8)))
}

/** The places of data: two columns at a time from the right, up and down in turn. */
function* places(size: number): Generator<[row: number, column: number]> {
  let upwards = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step
      for (const column of [right, right - 1]) if (!isFixed(size, row, column)) yield [row, column]
    }
    upwards = !upwards
  }
}

function isFixed(size: number, row: number, column: number): boolean {
  if (row === 6 || column === 6) return true
  if ((row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9)) return true
  return size > 21 && Math.abs(row - (size - 7)) <= 2 && Math.abs(column - (size - 7)) <= 2
}
