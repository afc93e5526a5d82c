import { describe, expect, test } from 'vitest'
import {
  chooseWay,
  holdUntil,
  isPhone,
  isWeComUser,
  noteTry,
  personFreeAt,
  quietUntil,
} from '../../../src/modules/notifications/notifications.rules.ts'

const at = (text: string) => new Date(text)
const NIGHT = { quietFrom: '22:00', quietTo: '07:00' }
const NOON = { quietFrom: '12:00', quietTo: '14:00' }

describe('quiet hours', () => {
  test.each([
    ['21:59', NIGHT, undefined],
    ['22:00', NIGHT, '2026-05-05T07:00'],
    ['23:59', NIGHT, '2026-05-05T07:00'],
    ['00:00', NIGHT, '2026-05-04T07:00'],
    ['06:59', NIGHT, '2026-05-04T07:00'],
    ['07:00', NIGHT, undefined],
    ['12:30', NOON, '2026-05-04T14:00'],
    ['14:00', NOON, undefined],
    ['23:00', { quietFrom: null, quietTo: '07:00' }, undefined],
    ['23:00', { quietFrom: '23:00', quietTo: '23:00' }, undefined],
  ])('at %s by %j end at %s', (time, policy, end) => {
    const until = quietUntil(at(`2026-05-04T${time}:00+08:00`), 'Asia/Shanghai', policy)
    expect(until).toEqual(end && at(`${end}:00+08:00`))
  })

  test('are local: where the clock is put forward they end by the wall clock', () => {
    const until = quietUntil(at('2026-03-28T23:00:00+01:00'), 'Europe/Berlin', NIGHT)
    expect(until).toEqual(at('2026-03-29T07:00:00+02:00'))
  })
})

test('a person hears one message a minute, three an hour and eight in a day', () => {
  expect(personFreeAt([])).toBeUndefined()
  expect(personFreeAt([at('2026-05-04T10:00:00Z')])).toEqual(at('2026-05-04T10:01:00Z'))
  const three = ['10:50', '10:30', '10:10'].map((time) => at(`2026-05-04T${time}:00Z`))
  expect(personFreeAt(three)).toEqual(at('2026-05-04T11:10:00Z'))
  const eight = Array.from({ length: 8 }, (_, hour) => at(`2026-05-04T${String(18 - hour).padStart(2, '0')}:00:00Z`))
  expect(personFreeAt(eight.slice(0, 7))).toEqual(at('2026-05-04T18:01:00Z'))
  expect(personFreeAt(eight)).toEqual(at('2026-05-05T11:00:00Z'))
})

test('nothing is held back until it is of no use', () => {
  const now = at('2026-05-04T22:00:00Z')
  const morning = at('2026-05-05T07:00:00Z')
  expect(holdUntil(now, [undefined, undefined], undefined)).toBeUndefined()
  expect(holdUntil(now, [at('2026-05-04T21:00:00Z')], undefined)).toBeUndefined()
  expect(holdUntil(now, [at('2026-05-04T22:01:00Z'), morning], undefined)).toEqual(morning)
  expect(holdUntil(now, [morning], at('2026-05-05T08:00:00Z'))).toEqual(morning)
  expect(holdUntil(now, [morning], at('2026-05-05T07:59:00Z'))).toBeUndefined()
})

describe('after a contact point has failed', () => {
  const contacts = [
    { channel: 'wecom', address: 'ada', position: 1 },
    { channel: 'email', address: 'ada@example.org', position: 2 },
  ]
  const failed = { state: 'failed', error: 'no such user' } as const
  const now = at('2026-05-04T10:00:00Z')
  const first = noteTry([], { channel: 'wecom', address: 'ada' }, failed, now)

  test('the next one is chosen, and none when all have failed', () => {
    expect(chooseWay(contacts, ['log', 'wecom', 'email'], '-', first)).toEqual({
      channel: 'email',
      address: 'ada@example.org',
    })
    const both = noteTry(first, { channel: 'email', address: 'ada@example.org' }, failed, now)
    expect(chooseWay(contacts, ['log', 'wecom', 'email'], '-', both)).toBeUndefined()
  })

  test('its tries share a line that remembers when they began', () => {
    const busy = { state: 'later', error: 'busy' } as const
    const way = { channel: 'wecom', address: 'ada' }
    const later = noteTry(noteTry([], way, busy, now), way, { state: 'accepted' }, at('2026-05-04T10:05:00Z'))
    expect(later).toEqual([
      { ...way, tries: 2, state: 'accepted', since: '2026-05-04T10:00:00.000Z', at: '2026-05-04T10:05:00.000Z' },
    ])
  })
})

test.each(['ada', 'Ada.L-1_x@corp', '1'])('%s is a user id', (text) => expect(isWeComUser(text)).toBe(true))
test.each(['@all', 'a|b', '', ' a', 'a'.repeat(65)])('%j is none', (text) => expect(isWeComUser(text)).toBe(false))
test.each([
  ['+8613800000001', true],
  ['13800000001', true],
  ['138-0000', false],
  ['1,2', false],
])('%s is a number to send to: %s', (text, yes) => expect(isPhone(text)).toBe(yes))
