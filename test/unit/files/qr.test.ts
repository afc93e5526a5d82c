import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { QR_QUIET_ZONE, type QrMatrix, qrMatrix, qrPath, qrSvg } from '../../../src/platform/files/qr.ts'
import { readBytes, readFormat } from './qr-read.ts'

const FINDER = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
const corner = (matrix: QrMatrix, row: number, column: number) =>
  FINDER.map((_, y) =>
    matrix[row + y]!.slice(column, column + 7)
      .map((dark) => (dark ? '#' : '.'))
      .join(''),
  )

test.each(['https://v.cn/c/K7QM2x9D', '签到·城东', 'e'])('%s can be read by the standard', (text) => {
  for (const level of ['L', 'M'] as const) {
    const matrix = qrMatrix(text, level)
    expect(readFormat(matrix)).toMatchObject({ level, copiesAgree: true })
    expect(readBytes(matrix).toString()).toBe(text)
  }
})

test('three corners and the lines between them show a camera where it is', () => {
  const matrix = qrMatrix('https://v.example.cn/verify/ZM-2026-000123', 'Q')
  const end = matrix.length - 7
  expect((matrix.length - 17) % 4).toBe(0)
  for (const [row, column] of [
    [0, 0],
    [0, end],
    [end, 0],
  ] as const) {
    expect(corner(matrix, row, column)).toEqual(FINDER)
  }
  const between = Array.from({ length: end - 8 }, (_, index) => index + 8)
  for (const at of between) expect([matrix[6]![at], matrix[at]![6]]).toEqual([at % 2 === 0, at % 2 === 0])
  expect(readFormat(matrix).level).toBe('Q')
})

test('capital letters and digits need less room', () => {
  const address = 'HTTPS://V.EXAMPLE.CN/C/K7QM2X9D4T6B'
  expect(qrMatrix(address).length).toBeLessThan(qrMatrix(address.toLowerCase()).length)
})

/** Which modules a path of horizontal runs makes dark. */
function darkened(path: string, size: number): boolean[][] {
  const found = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let at = 0; at < Number(length); at += 1) found[Number(y)]![Number(x) + at] = true
  }
  return found
}

test('the drawing has all dark modules and no other', () => {
  const matrix = qrMatrix('https://v.example.cn/verify/ZM-2026-000123')
  expect(darkened(qrPath(matrix), matrix.length)).toEqual(matrix)
  expect(qrPath(matrix).replace(/M\d+ \d+h(\d+)v1h-\1z/g, '')).toBe('')
})

test('the picture is well-formed, named, and has its quiet zone', () => {
  const matrix = qrMatrix('x')
  const tags: { name: string; attributes: object }[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => tags.push({ name, attributes }))
  parser.on('error', (error) => {
    throw error
  })
  parser.write(qrSvg(matrix, '签到 "<&')).close()
  const side = matrix.length + 2 * QR_QUIET_ZONE
  expect(tags[0]).toMatchObject({
    name: 'svg',
    attributes: { viewBox: `0 0 ${side} ${side}`, 'aria-label': '签到 "<&' },
  })
  expect(tags[2]).toMatchObject({ attributes: { transform: 'translate(4 4)', d: qrPath(matrix) } })
})

test('too much text is refused', () => {
  expect(() => qrMatrix('字'.repeat(1000))).toThrow(RangeError)
})
