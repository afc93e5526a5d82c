import { expect, test } from 'vitest'
import { completed, correctionFaults, stateAfter } from '../../../src/modules/attendance/corrections.rules.ts'

const at = (time: string) => new Date(`2026-05-04T${time}:00Z`)
const duty = { state: 'completed', startsAt: at('08:00'), endsAt: at('16:00') }
const now = at('20:00')
const codes = (from: string, to: string, more: object = {}, others: { startsAt: Date; endsAt: Date }[] = []) =>
  correctionFaults(
    { ...duty, ...more },
    'presence',
    completed({ checkedInAt: at(from).toISOString(), checkedOutAt: at(to).toISOString() }),
    { now, others: others.map((one) => ({ ...one, postName: 'Gate' })) },
  ).map((fault) => `${fault.field} ${fault.code}`)

test.each([
  ['08:10', '16:20', []],
  ['16:00', '08:00', ['checkedOutAt end-before-start']],
  ['17:00', '18:00', ['checkedInAt outside-duty']],
  ['15:00', '21:00', ['checkedOutAt in-the-future']],
])('from %s to %s: %j', (from, to, expected) => expect(codes(from, to)).toEqual(expected))

test('nobody was at two posts at once, and a declined duty has nothing to correct', () => {
  expect(codes('08:00', '16:00', {}, [{ startsAt: at('15:00'), endsAt: at('17:00') }])).toEqual([
    'checkedInAt on-duty-elsewhere',
  ])
  expect(codes('08:00', '16:00', { state: 'declined' })).toEqual(['kind not-correctable'])
  expect(correctionFaults({ ...duty, state: 'confirmed' }, 'absence', null, { now, others: [] })).toHaveLength(1)
})

test('new times count as what the time counted as before; stated parts count as stated', () => {
  const iso = (time: string) => at(time).toISOString()
  const parts = (from: string, to: string, known: Parameters<typeof completed>[1], otherwise?: 'standby') =>
    completed({ checkedInAt: iso(from), checkedOutAt: iso(to) }, known, otherwise).segments.map(
      ({ kind, startsAt, endsAt }) => `${kind} ${startsAt.slice(11, 16)} ${endsAt.slice(11, 16)}`,
    )
  const known = [
    { kind: 'standby' as const, startsAt: at('08:00') },
    { kind: 'active' as const, startsAt: at('10:00') },
    { kind: 'standby' as const, startsAt: at('12:00') },
  ]
  expect(parts('07:30', '16:00', known)).toEqual(['standby 07:30 10:00', 'active 10:00 12:00', 'standby 12:00 16:00'])
  expect(parts('10:30', '11:30', known)).toEqual(['active 10:30 11:30'])
  expect(parts('13:00', '18:00', known)).toEqual(['standby 13:00 18:00'])
  expect(parts('08:00', '16:00', [])).toEqual(['active 08:00 16:00'])
  expect(parts('08:00', '16:00', [], 'standby')).toEqual(['standby 08:00 16:00'])
  const segments = [{ kind: 'training' as const, startsAt: iso('08:00'), endsAt: iso('09:00') }]
  expect(completed({ checkedInAt: iso('08:00'), checkedOutAt: iso('09:00'), segments }, known).segments).toEqual(
    segments,
  )
})

test.each([
  ['presence', 'confirmed', true, 'completed'],
  ['presence', 'serving', true, 'completed'],
  ['presence', 'completed', true, undefined],
  ['presence', 'no_show', true, 'completed'],
  ['presence', 'no_show', false, 'excused'],
  ['absence', 'completed', true, 'no_show'],
  ['excuse', 'no_show', true, 'excused'],
] as const)('%s of %s, seat free %s: %s', (kind, state, free, expected) =>
  expect(stateAfter(kind, state, free)).toBe(expected),
)
