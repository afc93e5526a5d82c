import { expect, test } from 'vitest'
import { isThereAfter, reliefOf, signFaults, stateOf } from '../../../src/modules/handovers/handovers.rules.ts'

const at = (time: string) => new Date(`2026-05-04T${time}:00Z`)
const shift = (id: string, from: string, to: string) => ({ id, startsAt: at(from), endsAt: at(to) })

test('the next shift relieves, not the one beside it', () => {
  const day = shift('day', '08:00', '16:00')
  const beside = shift('beside', '08:00', '16:00')
  const evening = shift('evening', '16:00', '22:00')
  expect(reliefOf(day, [beside, day, evening])?.id).toBe('evening')
  expect(reliefOf(day, [shift('inside', '14:30', '15:30')])).toBeUndefined()
  expect(reliefOf<typeof day>(day, [])).toBeUndefined()
})

const none = { outgoingSignedAt: null, incomingSignedAt: null, reliefMissingAt: null, reliefCameAt: null }
test.each([
  [{}, 'due'],
  [{ outgoingSignedAt: at('16:00') }, 'outgoing_signed'],
  [{ outgoingSignedAt: at('16:00'), reliefMissingAt: at('16:10') }, 'overdue'],
  [{ reliefMissingAt: at('16:10'), reliefCameAt: at('16:20') }, 'overdue'],
  [{ outgoingSignedAt: at('16:00'), incomingSignedAt: at('16:30'), reliefMissingAt: at('16:10') }, 'complete'],
])('%j: %s', (more, state) => expect(stateOf({ ...none, ...more })).toBe(state))

test('nothing is handed over in silence, and the outgoing crew signs first', () => {
  const standing = { ...none, state: 'due' as const }
  const said = (situation: string | null, nil: boolean, events = 0) =>
    signFaults(standing, 'outgoing', {
      situation,
      nil,
      abnormalEvents: Array.from({ length: events }, () => ({ text: 'x' })),
    }).map((fault) => fault.code)
  expect(said(null, false)).toEqual(['nothing-said'])
  expect(said(null, true)).toEqual([])
  expect(said('quiet', false)).toEqual([])
  expect(said('quiet', true, 1)).toEqual(['nil-and-events'])
  const content = { situation: null, nil: false, abnormalEvents: [] }
  expect(signFaults(standing, 'incoming', content)[0]?.code).toBe('outgoing-first')
  expect(signFaults({ ...standing, outgoingSignedAt: at('16:00') }, 'incoming', content)).toEqual([])
  expect(signFaults({ ...standing, outgoingSignedAt: at('16:00') }, 'outgoing', content)[0]?.code).toBe(
    'signed-already',
  )
})

test('only who is at the post relieves, not who has left again', () => {
  const [checkedInAt, checkedOutAt] = ['2026-05-04T16:00:00Z', '2026-05-04T16:05:00Z']
  expect(isThereAfter([{ checkedInAt: null, checkedOutAt: null }], at('16:10'))).toBe(false)
  expect(isThereAfter([{ checkedInAt, checkedOutAt }], at('16:10'))).toBe(false)
  expect(isThereAfter([{ checkedInAt, checkedOutAt }], at('16:04'))).toBe(true)
  expect(isThereAfter([{ checkedInAt, checkedOutAt: null }], at('16:10'))).toBe(true)
})
