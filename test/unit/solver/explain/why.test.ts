import { expect, test } from 'vitest'
import { explain, type Problem } from '../../../../src/solver/index.ts'
import { person, problem, roster, rule, shift } from '../build.ts'

const hard = { strength: 'hard' as const }
const rules = [rule('no-overlap', {}, hard), rule('fair-share', { measure: 'minutes', within: 'all' })]
const shifts = [0, 1, 2, 3].map((day) => shift('abcd'[day]!, { day }))
const made = problem({ shifts, rules })
const whyIn = (given: Problem, text: string, slotId: string) =>
  explain(given, roster(text)).why.find((one) => one.slotId === slotId)!

test('the least loaded was taken, and the next best would have cost more', () => {
  expect(whyIn(made, 'amy a, cy b c, bo d', 'a')).toEqual({
    slotId: 'a',
    personId: 'amy',
    kept: 'new',
    fitting: 3,
    free: 3,
    rank: 1,
    nextBest: { personId: 'bo', tried: 2, level: 'justice', more: 128 },
    text: {
      en: 'amy (chosen): 3 people fit, the least loaded of 3 who were free; next best, bo, would have cost 128 more (justice); 1 shift in this period (8 h, fair share 10 h 40 min)',
      zh: 'amy（新安排）：3 人符合条件，在此时可排的 3 人中负担第 1 轻；次优 bo，代价高 128（公平）；本期共 1 班（8 h，应摊 10 h 40 min）',
    },
  })
})

test('people of equal load would have done as well', () => {
  const why = whyIn(made, 'amy a, cy b c, bo d', 'b')
  expect(why).toMatchObject({ rank: 1, nextBest: { personId: 'amy', tried: 2 } })
  expect(why.nextBest).not.toHaveProperty('level')
  expect(why.text.en).toContain('; next best, amy, would have been as good; 2 shifts in this period')
  expect(why.text.zh).toContain('；次优 amy，同样合适；')
})

test('a choice that could be better says so', () => {
  const why = whyIn(made, 'cy a b c d', 'a')
  expect(why).toMatchObject({ rank: 3, nextBest: { personId: 'amy', tried: 2, level: 'justice', more: -384 } })
  expect(why.text.en).toContain(
    '3rd least loaded of 3 who were free; next best, amy, would have cost 384 less (justice)',
  )
  expect(why.text.zh).toContain('在此时可排的 3 人中负担第 3 轻；次优 amy，代价低 384（公平）')
})

test('whoever keeps what was published is compared with what a change would cost; pins are not', () => {
  const calm = { ...made, rules: [...rules, rule('least-change', {})] }
  const published = [{ personId: 'amy', slotId: 'a', confirmed: true }]
  const why = whyIn({ ...calm, published }, 'amy a, cy b c, bo d', 'a')
  expect(why).toMatchObject({ kept: 'published', nextBest: { personId: 'bo', level: 'movedConfirmed', more: 1 } })
  expect(why.text.en).toContain('next best, bo, would have cost 1 more (confirmed people moved)')
  const pinned = whyIn({ ...calm, pins: roster('amy a') }, 'amy a, cy b c, bo d', 'a')
  expect(pinned).toMatchObject({ kept: 'pinned', free: 3 })
  expect(pinned).not.toHaveProperty('rank')
  expect(pinned.text.en).toContain('amy (pinned): 3 people fit, 3 of them were free; 1 shift')
})

test('of many who are free the least loaded are tried; those a rule about the shift forbids are not next best', () => {
  const people = ['amy', 'bo', 'cy', 'dee', 'eve', 'flo'].map((id) => person(id, { grade: id > 'd' ? 'new' : 'old' }))
  const many = { ...made, people }
  expect(whyIn(many, 'amy a, bo b, cy c, dee d', 'a').text.en).toContain(
    'the least loaded of 6 who were free; next best of 3 tried, eve, would have been as good',
  )
  const mixed = { ...many, rules: [...rules, rule('mix', { people: { grades: ['old'] }, min: 1 }, hard)] }
  const why = whyIn(mixed, 'amy a, bo b, cy c d', 'a')
  expect(why).toMatchObject({ free: 6, rank: 1 })
  expect(why).not.toHaveProperty('nextBest')
  expect(whyIn({ ...mixed, people: people.slice(0, 4) }, 'amy a, bo b, cy c d', 'a').nextBest).toMatchObject({
    personId: 'bo',
  })
})

test('without justice the planned time counts, and somebody may be the only one who is free', () => {
  const bare = { ...made, rules: [rule('no-overlap', {}, hard)] }
  expect(whyIn(bare, 'bo a b, amy c', 'a')).toMatchObject({ rank: 2, nextBest: { personId: 'cy', tried: 2 } })
  const alone = whyIn({ ...bare, people: [person('amy')] }, 'amy a', 'a')
  expect(alone).toMatchObject({ fitting: 1, free: 1, rank: 1 })
  expect(alone.text).toEqual({
    en: 'amy (chosen): 1 person fit, the only one of them who was free; 1 shift in this period',
    zh: 'amy（新安排）：1 人符合条件，此时仅其一人可排；本期共 1 班',
  })
})
