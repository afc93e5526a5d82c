import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cellNames,
  gridOf,
  hoursText,
  marksOf,
  pagesOfDays,
  seatState,
} from '../../../src/modules/roster-files/roster-files.rules.ts'
import type { GridSeat } from '../../../src/modules/roster-files/roster-files.types.ts'

const seat = (changes: Partial<GridSeat> = {}): GridSeat => ({
  postId: 'gate-1',
  postName: '城东卡点',
  unitName: '城东镇',
  localDay: '2026-05-11',
  startLocal: '2026-05-11T08:00',
  endLocal: '2026-05-12T08:00',
  kind: 'active',
  role: 'lead',
  mandatory: true,
  name: '王小明',
  ...changes,
})

test('hours say by how many days the end is later', () => {
  const text = (startLocal: string, endLocal: string) => hoursText({ startLocal, endLocal })
  expect(text('2026-05-11T08:00', '2026-05-11T20:00')).toBe('08:00–20:00')
  expect(text('2026-05-11T20:00', '2026-05-12T00:00')).toBe('20:00–00:00+1')
  expect(text('2026-05-11T08:00', '2026-05-13T08:00')).toBe('08:00–08:00+2')
})

test('a grid has one line for each post and hours, posts as they came, hours in order', () => {
  const night = { startLocal: '2026-05-11T20:00', endLocal: '2026-05-12T08:00' }
  const day = { startLocal: '2026-05-11T08:00', endLocal: '2026-05-11T20:00' }
  const lines = gridOf([
    seat({ postId: 'z', postName: 'Z', ...night }),
    seat({ postId: 'z', postName: 'Z', ...day }),
    seat({ postId: 'a', postName: 'A', ...day }),
    seat({ postId: 'z', postName: 'Z', ...day, localDay: '2026-05-12', name: '李四' }),
  ])
  expect(lines.map((line) => [line.post, line.hours, [...line.days.keys()]])).toEqual([
    ['Z', '08:00–20:00', ['2026-05-11', '2026-05-12']],
    ['Z', '20:00–08:00+1', ['2026-05-11']],
    ['A', '08:00–20:00', ['2026-05-11']],
  ])
  const ready = seat({ ...day, kind: 'standby', name: '王五' })
  expect(gridOf([ready, seat(night)]).map((line) => [line.hours, line.standby])).toEqual([
    ['20:00–08:00+1', false],
    ['08:00–20:00', true],
  ])
})

test('no seat is lost and none is printed twice', () => {
  const seats = fc.array(
    fc.record({
      postId: fc.constantFrom('a', 'b', 'c'),
      localDay: fc.constantFrom('2026-05-11', '2026-05-12', '2026-05-19'),
      endLocal: fc.constantFrom('2026-05-11T20:00', '2026-05-12T08:00'),
      role: fc.constantFrom('lead', 'staff'),
      kind: fc.constantFrom('active' as const, 'standby' as const),
    }),
  )
  fc.assert(
    fc.property(seats, (wishes) => {
      const given = wishes.map((wish, index) => seat({ ...wish, name: `P${index}` }))
      const printed = gridOf(given).flatMap((line) => [...line.days.values()].flat())
      expect(printed.map((one) => one.name).sort()).toEqual(given.map((one) => one.name).sort())
    }),
  )
})

test('days come seven to a page, all of them once', () => {
  const pages = pagesOfDays('2026-05-25', '2026-06-10')
  expect(pages.map((page) => page.length)).toEqual([7, 7, 2])
  expect(new Set(pages.flat()).size).toBe(16)
  expect([pages[0]![0], pages[1]![0], pages.at(-1)!.at(-1)]).toEqual(['2026-05-25', '2026-06-01', '2026-06-09'])
})

test('each role has a mark of its own, also the twentieth', () => {
  const roles = Array.from({ length: 20 }, (_, index) => ({ role: `role ${index}` }))
  const marks = marksOf([...roles, ...roles])
  expect([marks.get('role 0'), marks.get('role 1'), marks.get('role 14'), marks.get('role 19')]).toEqual([
    '①',
    '②',
    '⑮',
    '(20)',
  ])
  expect(new Set(marks.values()).size).toBe(20)
})

test('a cell names who is there and what must still be filled, not what may be', () => {
  const crew = [seat(), seat({ role: 'staff', name: null }), seat({ role: 'staff', name: null, mandatory: false })]
  expect(cellNames(crew, marksOf(crew), '(open)')).toEqual(['①王小明', '②(open)'])
})

test('a seat is open, drafted, or as its assignment is', () => {
  expect(seatState({ name: null, state: null })).toBe('open')
  expect(seatState({ name: 'A', state: null })).toBe('draft')
  expect(seatState({ name: 'A', state: 'confirmed' as const })).toBe('confirmed')
})
