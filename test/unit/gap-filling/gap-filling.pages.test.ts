import { describe, expect, test } from 'vitest'
import type { OfferPage } from '../../../src/modules/gap-filling/gap-filling.offers.ts'
import { offerPage } from '../../../src/modules/gap-filling/gap-filling.pages.ts'
import { reasonInWords, TEXTS } from '../../../src/modules/gap-filling/gap-filling.texts.ts'
import type { OfferMode } from '../../../src/modules/gap-filling/gap-filling.types.ts'
import { answersTo, type OfferStanding } from '../../../src/modules/gap-filling/standings.rules.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)

const page = (standing: OfferStanding, mode: OfferMode = 'first') =>
  ({
    locale: 'zh',
    name: 'Ada Lovelace',
    expiresAt: at('04T10:30'),
    standing,
    mode,
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
    const answers = [...body.text.matchAll(/name="answer" value="([\w-]+)"/g)].map((match) => match[1])
    expect(answers).toEqual(answersTo(standing))
  })

  test('says when the award is, where answers are collected', () => {
    const when = { zh: '5月4日(周一)18:30', en: 'Mon 4 May 18:30' }[tongue]
    for (const standing of ['open', 'willing'] as const) {
      expect(offerPage(page(standing, 'collect'), tongue).body.text).toContain(when)
    }
    expect(offerPage(page('open', 'collect'), tongue).body.text).toContain(TEXTS[tongue].accept.collect)
  })
})

test('reasons are told in the language of the reader', () => {
  const because = 'nobody eligible (on duty then 2, minimum-rest 1, absent 1)'
  expect(reasonInWords(because, 'en')).toBe(because)
  expect(reasonInWords(because, 'zh')).toBe('无人符合条件 (届时另有值班 2, minimum-rest 1, 请假 1)')
  expect(reasonInWords('empty', 'zh')).toBe('无成员')
})
