import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../../src/modules/notifications/channels/email.ts'
import { chooseWay, fill, isMailAddress, maskAddress } from '../../../src/modules/notifications/notifications.rules.ts'

describe('where a message goes', () => {
  const contacts = [
    { channel: 'sms', address: '13800000000', position: 1 },
    { channel: 'email', address: 'second@example.org', position: 3 },
    { channel: 'email', address: 'first@example.org', position: 2 },
  ]

  test('to the first contact that can be used', () => {
    expect(chooseWay(contacts, ['log', 'email'], 'volunteer/1')).toEqual({
      channel: 'email',
      address: 'first@example.org',
    })
  })
  test('to the log when no channel is open for any of them', () => {
    expect(chooseWay(contacts, ['log'], 'volunteer/1')).toEqual({ channel: 'log', address: 'volunteer/1' })
    expect(chooseWay([], ['log', 'email'], 'unit/1')).toEqual({ channel: 'log', address: 'unit/1' })
  })
  test('to the log by wish', () => {
    const wish = { channel: 'log', address: 'notice board', position: 0 }
    expect(chooseWay([...contacts, wish], ['log', 'email'], '-')).toEqual({ channel: 'log', address: 'notice board' })
  })
})

test.each([
  ['ada@example.org', true],
  ['a.b+c@x-y.example', true],
  ['ada@example.org\r\nBcc: evil@example.org', false],
  ['ada@example.org,evil@example.org', false],
  ['Ada <ada@example.org>', false],
  ['ada@@example.org', false],
  ['@example.org', false],
  ['ada@', false],
  ['', false],
])('%j is one address: %s', (text, yes) => {
  expect(isMailAddress(text)).toBe(yes)
})

test.each([
  ['ada@example.org', 'a***@example.org'],
  ['13812345678', '***78'],
  ['volunteer/018f', 'volunteer/018f'],
])('%s is shown as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked)
})

test('placeholders are filled once, and unknown ones are a mistake', () => {
  expect(fill('{name}: {word}{word}', { name: '{word}', word: 'hi' })).toBe('{word}: hihi')
  expect(() => fill('{name}', {})).toThrow('{name}')
})

test.each([
  [{ code: 'EENVELOPE', responseCode: 550, message: 'no' }, false, 'failed'],
  [{ code: 'EMESSAGE', responseCode: 554, message: 'spam' }, true, 'failed'],
  [{ code: 'EENVELOPE', responseCode: 451, message: 'later' }, false, 'later'],
  [{ code: 'EMESSAGE', responseCode: 452, message: 'full' }, true, 'later'],
  [{ code: 'EAUTH', responseCode: 535, message: 'wrong' }, false, 'later'],
  [{ code: 'ESOCKET', message: 'refused' }, false, 'later'],
  [{ code: 'ETIMEDOUT', message: 'slow' }, false, 'later'],
  [{ code: 'ETIMEDOUT', message: 'slow' }, true, 'unknown'],
  [{ code: 'ECONNECTION', message: 'closed' }, true, 'unknown'],
  [{ code: 'EENVELOPE', message: 'no recipients' }, false, 'failed'],
  [{ message: 'aborted' }, true, 'unknown'],
])('%j (words handed over: %s) leaves the message %s', (fault, handedOver, state) => {
  expect(outcomeOf(fault, handedOver).state).toBe(state)
})
