import { describe, expect, test } from 'vitest'
import type { PageDuty, RequestPage } from '../../../src/modules/confirmations/confirmations.page.ts'
import {
  confirmationPage,
  consentsPage,
  replacedPage,
  type Setting,
  stopPage,
} from '../../../src/modules/confirmations/confirmations.pages.ts'
import { choicesOf, hasChanged, minutesBefore, toldOf } from '../../../src/modules/confirmations/confirmations.rules.ts'
import { TEXTS } from '../../../src/modules/confirmations/confirmations.texts.ts'
import { ASSIGNMENT_STATES, type AssignmentState } from '../../../src/modules/rosters/rosters.states.ts'
import { codePage, deadLinkPage, privacyPage } from '../../../src/platform/http/public-page.ts'
import { LOCALES, type Locale } from '../../../src/platform/texts/catalogue.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)
const NOW = at('04T10:00')
const POLICY = { cutOffMinutes: 120 }

interface Options extends Partial<PageDuty> {
  now?: Date
}

function duty(state: AssignmentState, index = 0, { now = NOW, ...more }: Options = {}): PageDuty {
  const plain = {
    assignmentId: `018f0000-0000-7000-8000-00000000000${index % 10}`,
    rosterId: 'r',
    slotId: 's',
    shiftId: 'h',
    volunteerId: 'v',
    state,
    source: 'roster' as const,
    version: 7,
    confirmBy: null,
    startsAt: at('06T00:00'),
    endsAt: at('07T00:00'),
    updatedAt: NOW,
    startLocal: '2026-05-06T08:00',
    endLocal: '2026-05-07T08:00',
    zone: 'Asia/Shanghai',
    role: '组长',
    postName: '东门卡点',
    postAddress: '环城路1号',
    postPhone: '0851-1',
    postVersion: 1,
    postUpdatedAt: NOW,
    seatFree: false,
    receipt: null,
    staysOn: false,
    consentId: null,
    ...more,
  }
  const asked = { told: toldOf(plain), ...plain } as PageDuty
  return {
    ...asked,
    choices: choicesOf(asked, now, POLICY),
    changed: hasChanged(asked.told, asked),
    arriveBy: minutesBefore(asked.startsAt, 15),
    cutOff: minutesBefore(asked.startsAt, 120),
    partners: more.partners ?? [{ name: '李四', role: '组员' }],
    presence: more.presence,
  }
}

const page = (duties: PageDuty[], more: Partial<RequestPage> = {}): RequestPage => ({
  locale: 'zh',
  name: '王小明',
  unitName: '城关区',
  zone: 'Asia/Shanghai',
  mode: 'explicit',
  confirmBy: at('05T10:00'),
  doNotContact: false,
  contact: { name: '赵主任', title: '值班室', phone: '0851-8800' },
  duties,
  ...more,
})

const setting = (locale: Locale): Setting => ({
  at: '/c/secret',
  locale,
  mapUrl: 'https://maps.example.org/?q={place}',
})
const shown = (duties: PageDuty[], locale: Locale, more: Partial<RequestPage> = {}) =>
  confirmationPage(page(duties, more), setting(locale)).body.text
const answersIn = (text: string) => [...text.matchAll(/name="answer" value="(\w+)"/g)].map((match) => match[1])

/** What a person reads, one line each. */
const readable = (text: string) =>
  text
    .replace(/<(select|option)[^>]*>[^<]*/g, '')
    .replace(/<button[^>]*>([^<]*)<\/button>/g, '[$1]\n')
    .replace(/<\/(p|h1|h2|section|form|nav|label|div)>/g, '\n')
    .replace(/<\/a>/g, ' | ')
    .replace(/<[^>]+>/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')

const PRESENCE = { checkedInAt: at('06T00:00'), checkedOutAt: at('07T00:00'), verifiedAt: at('08T00:00') }

/** The ten states of the page, and how each comes about. */
const STATES: Record<string, (locale: Locale) => string> = {
  open: (locale) => shown([duty('pending')], locale),
  confirmed: (locale) => shown([duty('confirmed', 0, { receipt: 'K7QM2X9D' })], locale),
  'confirmed, after the cut-off': (locale) => shown([duty('confirmed', 0, { now: at('05T23:00') })], locale),
  declined: (locale) => shown([duty('declined', 0, { seatFree: true, receipt: 'K7QM2X9D' })], locale),
  'past the cut-off, unanswered': (locale) => shown([duty('lapsed')], locale),
  'taken by somebody else': (locale) => shown([duty('declined')], locale),
  'changed since sent': (locale) =>
    shown([duty('confirmed', 0, { told: { ...toldOf(duty('pending')), startLocal: '2026-05-06T07:00' } })], locale),
  'duty cancelled': (locale) => shown([duty('cancelled')], locale),
  'link replaced': (locale) => replacedPage({ locale, replaced: true }, locale).body.text,
  'code wrong, link unknown or expired': () => deadLinkPage.body.text,
  'in progress': (locale) =>
    shown([duty('serving', 0, { presence: { ...PRESENCE, checkedOutAt: null, verifiedAt: null } })], locale),
  finished: (locale) => shown([duty('completed', 0, { presence: PRESENCE })], locale),
  'implied, open': (locale) => shown([duty('pending')], locale, { mode: 'implied' }),
  'acknowledged, open': (locale) => shown([duty('pending')], locale, { mode: 'acknowledged' }),
  'by standing consent': (locale) => shown([duty('confirmed', 0, { consentId: 'c' })], locale),
}

describe.each(['zh', 'en'] as const)('in %s', (locale) => {
  test.each(Object.keys(STATES))('the state "%s" reads', (name) => {
    expect(readable(STATES[name]!(locale))).toMatchSnapshot()
  })

  test.each(ASSIGNMENT_STATES)('every state of an assignment has words of its own: %s', (state) => {
    const text = shown([duty(state, 0, { seatFree: true })], locale)
    expect(text).toContain(TEXTS[locale].states[state])
    expect(text).not.toContain('{')
    const answers = answersIn(text).filter((answer) => answer === 'confirm' || answer === 'decline')
    const expected = { pending: ['confirm', 'decline'], confirmed: ['decline'], declined: ['confirm'] }
    expect(answers).toEqual(expected[state as keyof typeof expected] ?? [])
  })

  test('a declined seat that is taken offers nothing to do', () => {
    const text = shown([duty('declined')], locale)
    expect(text).toContain(TEXTS[locale].states.declinedAndTaken)
    expect(text).not.toContain('<form')
  })

  test('several open duties can be answered at once', () => {
    const text = shown([duty('pending'), duty('pending', 1), duty('pending', 2)], locale)
    expect(text.match(/<form/g)).toHaveLength(4)
    expect(text).toContain('value="all"')
    expect(text.match(/name="mark"/g)).toHaveLength(4)
  })
})

test('what is shown stands in the order in which people need it', () => {
  const text = shown([duty('pending')], 'zh')
  const order = [
    '城关区',
    '王**',
    '请确认您的值班',
    '5月6日(周三)08:00 至 5月7日(周四)08:00，共24小时',
    '5月6日(周三)07:45',
    '环城路1号',
    'https://maps.example.org/?q=%E7%8E%AF%E5%9F%8E%E8%B7%AF1%E5%8F%B7',
    '组长',
    '李**',
    '0851-8800',
    '5月5日(周二)18:00前答复',
    '确认参加',
    '不能参加',
    '加入日历',
    '不再接收消息',
    '个人信息说明',
    'བོད་ཡིག',
  ]
  const places = order.map((words) => text.indexOf(words))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(text).not.toContain('王小明')
  expect(text).not.toContain('李四')
})

test('thirty duties still fit into 20 kB, style included, in every language', () => {
  for (const locale of LOCALES) {
    const many = Array.from({ length: 30 }, (_, index) => duty('pending', index))
    expect(Buffer.byteLength(shown(many, locale))).toBeLessThan(17_500)
  }
})

describe('a page in a language that is not translated yet', () => {
  const pages: [string, string][] = [
    ...Object.entries(STATES)
      .filter(([name]) => !name.startsWith('code wrong'))
      .map(([name, make]): [string, string] => [name, make('bo')]),
    ['stop', stopPage(false, setting('bo')).body.text],
    ['code', codePage('bo').body.text],
    ['privacy', privacyPage('bo').body.text],
    [
      'consents',
      consentsPage(
        { posts: [{ id: 'p', name: '东门卡点' }], unitName: '城关区', today: '2026-05-04', held: [] },
        setting('bo'),
      ).body.text,
    ],
  ]

  test.each(pages)('owns up to what is Chinese: %s', (_name, text) => {
    const marked = text
      .replace(/<section lang="zh">.*?<\/section>/gs, '')
      .replace(/<(\w+)[^>]* lang="(?:zh|en|bo)"[^>]*>[^<]*<\/\1>/g, '')
    expect(marked.replace(/<[^>]+>/g, '')).not.toMatch(/\p{Script=Han}/u)
  })
})
