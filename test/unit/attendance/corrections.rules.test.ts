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
