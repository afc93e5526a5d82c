import { describe, expect, test } from 'vitest'
import { explain, type Person } from '../../../src/solver/index.ts'
import { lineText } from '../../../src/solver/justice.ts'
import { at, past, person, problem, roster, rule, shift } from './build.ts'

describe('what a line of justice says', () => {
  test('whole nights, duties, calls and hours beside the fair share', () => {
    expect(lineText('Amy', 'nights', 3.6, 1.6)).toEqual({
      zh: 'Amy 比应摊份额多 2 个夜班（已担 3.6，应摊 1.6）',
      en: 'Amy: 2 nights above fair share (carries 3.6, due 1.6)',
    })
    expect(lineText('Bo', 'weekendShifts', 0, 1)).toEqual({
      zh: 'Bo 比应摊份额少 1 次周末值班（已担 0，应摊 1）',
      en: 'Bo: 1 weekend duty below fair share (carries 0, due 1)',
    })
    expect(lineText('Bo', 'minutes', 2250, 1950).en).toBe('Bo: 5 hours above fair share (carries 37.5 h, due 32.5 h)')
    expect(lineText('Bo', 'holidays', 3, 1).en).toContain('2 holiday duties above')
    expect(lineText('Bo', 'shortNotice', 0, 1.2).zh).toContain('少 1 次临时征召')
  })

  test('less than half of one is neither above nor below', () => {
    expect(lineText('Amy', 'nights', 3, 3.4)).toEqual({
      zh: 'Amy 夜班数与应摊份额相当（已担 3，应摊 3.4）',
      en: 'Amy: at the fair share of nights (carries 3, due 3.4)',
    })
    expect(lineText('Amy', 'minutes', 480, 509).en).toBe('Amy: at the fair share of duty (carries 8 h, due 8.5 h)')
    expect(lineText('Amy', 'minutes', 480, 510).en).toContain('1 hour below')
  })
})

describe('lines of a roster', () => {
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 2 })]
  const lines = (people: Person[], plan: string, more: object = {}) =>
    explain(
      problem({ shifts, people, rules: [rule('fair-share', { measure: 'minutes', within: 'all' })], ...more }),
      roster(plan),
    ).justice.map(({ personId, load, fairShare, deviation }) => [personId, load, fairShare, deviation])

  test('who has just joined, or was away, owes nothing of what was carried in', () => {
    const people = [person('amy', { carriedIn: { minutes: 600 } }), person('new', { carriedShare: 0 })]
    expect(lines(people, 'amy a, new b')).toEqual([
      ['amy', 1080, 1080, 0],
      ['new', 480, 480, 0],
    ])
    expect(lines(people, 'new a b')).toEqual([
      ['amy', 600, 1080, -480],
      ['new', 960, 480, 480],
    ])
  })

  test('parts of the past and of the period are told apart', () => {
    const people = [
      person('amy', { carriedIn: { minutes: 900 } }),
      person('bo', { carriedIn: { minutes: 300 }, carriedShare: 0.5, share: 0.25 }),
    ]
    expect(lines(people, 'amy a b')).toEqual([
      ['amy', 1860, 1568, 292],
      ['bo', 300, 592, -292],
    ])
  })

  test('who owes nothing of a measure is not compared in it, and in others as ever', () => {
    const people = [person('amy'), person('bo', { share: 0.5, shareIn: { nights: 0 } }), person('cy')]
    const nights = shifts.map((one) => ({ ...one, nightMinutes: 480 }))
    const rules = (['nights', 'minutes'] as const).map((measure) =>
      rule('fair-share', { measure, within: 'all' }, { id: measure }),
    )
    expect(lines(people, 'amy a, cy b', { shifts: nights, rules })).toEqual([
      ['amy', 1, 1, 0],
      ['cy', 1, 1, 0],
      ['amy', 480, 384, 96],
      ['bo', 0, 192, -192],
      ['cy', 480, 384, 96],
    ])
  })

  test('where nobody was expected to serve before, what was served counts as it would now', () => {
    const people = [person('amy', { carriedIn: { minutes: 600 }, carriedShare: 0 }), person('bo', { carriedShare: 0 })]
    expect(lines(people, '')).toEqual([
      ['amy', 600, 300, 300],
      ['bo', 0, 300, -300],
    ])
  })

  test('who is newly planned too soon before the start is called at short notice, who has the seat already is not', () => {
    const rules = [rule('fair-share', { measure: 'shortNotice', within: 'all' })]
    const published = [{ personId: 'bo', slotId: 'a', confirmed: true }]
    const history = [past('bo', { day: 1, from: 20 }, { shortNotice: true })]
    const people = [person('amy'), person('bo')]
    const told = (plan: string, more: object = {}) =>
      lines(people, plan, { rules, published, calledBefore: at(1), ...more }).map(([who, load]) => `${who} ${load}`)
    expect(told('bo a, amy b')).toEqual([])
    expect(told('amy a, bo b')).toEqual(['amy 1', 'bo 0'])
    expect(told('amy a', { history })).toEqual(['amy 1', 'bo 1'])
  })
})
