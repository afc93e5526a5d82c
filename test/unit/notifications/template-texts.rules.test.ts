import { describe, expect, test } from 'vitest'
import { defineTemplate } from '../../../src/modules/notifications/notifications.types.ts'
import { type OwnText, objectionsTo, pickText } from '../../../src/modules/notifications/templates.rules.ts'

const template = defineTemplate({
  load: async () => undefined,
  words: () => ({}),
  texts: {
    zh: { subject: '请来', text: '{name}：{duties}{link}' },
    en: { subject: 'Come', text: '{name}: {duties} {link}' },
  },
  short: { zh: '{first} {address} {code}', en: '{first} {address} {code}' },
})

const own = (path: string, more: Partial<OwnText> = {}): OwnText => ({
  id: path,
  path,
  locale: 'en',
  channel: null,
  subject: path,
  text: path,
  version: 3,
  ...more,
})
const pick = (texts: OwnText[], channel: 'email' | 'sms' = 'email', locale: 'en' | 'zh' | 'bo' = 'en') =>
  pickText(template, texts, { locale, channel, path: '/a/b/' })

describe('whose words are said', () => {
  test('the built-in ones where nobody has others; text messages have the short ones', () => {
    expect(pick([])).toEqual({ id: null, version: 0, subject: 'Come', text: '{name}: {duties} {link}' })
    expect(pick([], 'sms').text).toBe('{first} {address} {code}')
    expect(pick([], 'email', 'bo').subject).toBe('请来')
  })

  test('the nearest unit’s, there the ones for the channel, never those of a unit beside', () => {
    const [above, here, beside] = [own('/a/'), own('/a/b/'), own('/a/c/')]
    const forMail = own('/a/b/', { id: 'mail', channel: 'email' })
    expect(pick([above]).id).toBe('/a/')
    expect(pick([above, here, beside]).id).toBe('/a/b/')
    expect(pick([above, here, forMail]).id).toBe('mail')
    expect(pick([beside]).id).toBeNull()
    expect(pick([own('/a/b/', { channel: 'wecom' })]).id).toBeNull()
  })

  test('a general text is too long for text messages that have a short one', () => {
    expect(pick([own('/a/b/')], 'sms').id).toBeNull()
    expect(pick([own('/a/b/', { channel: 'sms', id: 'short' })], 'sms').id).toBe('short')
  })

  test('those of the language; a language that is data only takes Chinese ones', () => {
    const chinese = own('/a/', { locale: 'zh', id: 'zh' })
    expect(pick([chinese]).id).toBeNull()
    expect(pick([chinese], 'email', 'bo').id).toBe('zh')
    expect(pick([chinese, own('/a/', { locale: 'bo', id: 'bo' })], 'email', 'bo').id).toBe('bo')
  })
})

test.each([
  ['email', 'Come, {name}: {duties} {link}', []],
  [null, 'Come: {link}', []],
  ['sms', 'Come: {link}', []],
  ['sms', 'Come: {address} {code}', []],
  ['sms', 'Come!', ['placeholder-missing']],
  ['email', 'Come: {code}', ['placeholder-missing', 'placeholder-unknown']],
  ['email', '{Link} {link}', ['placeholder-unknown']],
  ['email', '{link} {} { }', ['placeholder-unknown', 'placeholder-unknown']],
  ['email', '{link} }', ['brace-open']],
  ['sms', '【东】{link}', ['bracket-forbidden']],
  ['email', 'You MUST come: {link}', ['word-forbidden']],
  ['email', '请务必服从命令{link}', ['word-forbidden']],
] as const)('for %s, %j stands against: %j', (channel, text, codes) => {
  const found = objectionsTo(template, { subject: 'Come', text, channel })
  expect(found.map((one) => one.code).sort()).toEqual([...codes])
})
