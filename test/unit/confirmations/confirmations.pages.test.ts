import { describe, expect, test } from 'vitest'
import { confirmationPage } from '../../../src/modules/confirmations/confirmations.pages.ts'
import { choicesOf } from '../../../src/modules/confirmations/confirmations.rules.ts'
import type { RequestPage } from '../../../src/modules/confirmations/confirmations.service.ts'
import { TEXTS } from '../../../src/modules/confirmations/confirmations.texts.ts'
import { ASSIGNMENT_STATES, type AssignmentState } from '../../../src/modules/rosters/rosters.states.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)
const NOW = at('04T10:00')

const page = (state: AssignmentState, seatFree = false, count = 1): RequestPage => ({
  locale: 'zh',
  name: '王小明',
  unitName: '城关区',
  zone: 'Asia/Shanghai',
  confirmBy: at('05T10:00'),
  duties: Array.from({ length: count }, (_, index) => {
    const duty = {
      assignmentId: `018f0000-0000-7000-8000-00000000000${index}`,
      rosterId: 'r',
      slotId: 's',
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
      postAddress: null,
      postPhone: '0851-1',
      seatFree,
    }
    return { ...duty, choices: choicesOf(duty, NOW, { cutOffMinutes: 120 }) }
  }),
})

describe.each(['zh', 'en'] as const)('in %s', (tongue) => {
  test.each(ASSIGNMENT_STATES)('every state has words of its own: %s', (state) => {
    const { lang, body } = confirmationPage(page(state, true), tongue)
    expect(lang).toBe(tongue)
    expect(body.text).toContain(TEXTS[tongue].states[state])
    expect(body.text).not.toContain('{')
    const answers = [...body.text.matchAll(/name="answer" value="(\w+)"/g)].map((match) => match[1])
    expect(answers).toEqual(
      { pending: ['confirm', 'decline'], confirmed: ['decline'], declined: ['confirm'] }[state as string] ?? [],
    )
  })

  test('a declined seat that is taken offers nothing to do', () => {
    const { body } = confirmationPage(page('declined', false), tongue)
    expect(body.text).toContain(TEXTS[tongue].states.declinedAndTaken)
    expect(body.text).not.toContain('<form')
  })

  test('several open duties can be answered at once', () => {
    const { body } = confirmationPage(page('pending', false, 3), tongue)
    expect(body.text.match(/<form/g)).toHaveLength(4)
    expect(body.text).toContain('value="all"')
    expect(body.text.match(/name="seen" value="7"/g)).toHaveLength(3)
  })
})

test('shows both ends with dates, and not the whole name', () => {
  const { body } = confirmationPage(page('pending'), 'zh')
  expect(body.text).toContain('5月6日(周三)08:00 至 5月7日(周四)08:00，共24小时')
  expect(body.text).toContain('请在5月5日(周二)18:00前答复')
  expect(body.text).toContain('王**')
  expect(body.text).not.toContain('王小明')
})

test('thirty duties still fit into 20 kB, style included', () => {
  const { body } = confirmationPage(page('pending', false, 30), 'zh')
  expect(Buffer.byteLength(body.text)).toBeLessThan(18_000)
})
