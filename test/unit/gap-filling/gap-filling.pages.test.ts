import { describe, expect, test } from 'vitest'
import type { OfferPage } from '../../../src/modules/gap-filling/gap-filling.offers.ts'
import { offerPage } from '../../../src/modules/gap-filling/gap-filling.pages.ts'
import type { OfferStanding } from '../../../src/modules/gap-filling/gap-filling.rules.ts'
import { reasonInWords, TEXTS } from '../../../src/modules/gap-filling/gap-filling.texts.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)

const page = (standing: OfferStanding) =>
  ({
    locale: 'zh',
    name: 'Ada Lovelace',
    expiresAt: at('04T10:30'),
    standing,
    seat: {
      role: '组员',
      postName: '东门 & 西门',
      postAddress: null,
      postPhone: null,
      unitName: '城关区',
      zone: 'Asia/Shanghai',
      startsAt: at('06T00:00'),
      endsAt: at('07T00:00'),
      startLocal: '2026-05-06T08:00',
      endLocal: '2026-05-07T08:00',
    },
  }) as OfferPage

const STANDINGS = Object.keys(TEXTS.zh.standings) as OfferStanding[]

describe.each(['zh', 'en'] as const)('in %s', (tongue) => {
  test.each(STANDINGS)('%s has words of its own, and the buttons that help', (standing) => {
    const { lang, body } = offerPage(page(standing), tongue)
    expect(lang).toBe(tongue)
    expect(body.text).toContain(TEXTS[tongue].standings[standing])
    expect(body.text).toContain('东门 &amp; 西门')
    expect(body.text).toContain('Ada L.')
    expect(body.text).not.toContain('{')
    const answers = [...body.text.matchAll(/name="answer" value="(\w+)"/g)].map((match) => match[1])
    expect(answers).toEqual({ open: ['accept', 'decline'], yours: ['withdraw'] }[standing as string] ?? [])
  })
})

test('reasons are told in the language of the reader', () => {
  const because = 'nobody eligible (on duty then 2, minimum-rest 1, absent 1)'
  expect(reasonInWords(because, 'en')).toBe(because)
  expect(reasonInWords(because, 'zh')).toBe('无人符合条件 (届时另有值班 2, minimum-rest 1, 请假 1)')
  expect(reasonInWords('empty', 'zh')).toBe('无成员')
})
