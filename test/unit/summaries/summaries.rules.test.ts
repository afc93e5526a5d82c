import { expect, test } from 'vitest'
import { positionOf, standing, standingParts } from '../../../src/modules/summaries/summaries.rules.ts'
import { TEXTS } from '../../../src/modules/summaries/summaries.texts.ts'

const carried = (figures: object) => ({
  ...{ duties: 0, nights: 0, weekendDuties: 0, holidayDuties: 0, shortNotice: 0, minutes: 0 },
  ...figures,
})
const told = (figures: object, share: object) => {
  const distances = standing(positionOf(carried(figures), carried(share)))
  return [TEXTS.en.standing(distances), TEXTS.zh.standing(distances)]
}

test('how far somebody is from their share, to a tenth and in whole minutes', () => {
  const position = positionOf(
    carried({ nights: 3, shortNotice: 1, minutes: 100 }),
    carried({ nights: 1.26, minutes: 33.4 }),
  )
  expect(position).toMatchObject({ nights: 1.3, nightsAbove: 1.7, shortNoticeAbove: 1, minutes: 33, minutesAbove: 67 })
})

test.each([
  [{ nights: 3 }, { nights: 1 }, '2 nights above fair share', '比应摊份额多2个夜班'],
  [{ nights: 1 }, { nights: 1.4 }, 'at the fair share', '与应摊份额相当'],
  [{}, { holidayDuties: 0.5 }, '1 holiday duty below fair share', '比应摊份额少1次节假日值班'],
  [
    { nights: 3, minutes: 1440 },
    { nights: 1, weekendDuties: 1, minutes: 520 },
    '2 nights, 15 hours above fair share; 1 weekend duty below',
    '比应摊份额多2个夜班、15小时，少1次周末值班',
  ],
  [{ shortNotice: 2 }, {}, '2 short-notice calls above fair share', '比应摊份额多2次临时征召'],
  [{ duties: 2, minutes: 20 }, {}, '2 duties above fair share', '比应摊份额多2次值班'],
])('%o of %o: %s', (figures, share, english, chinese) => {
  expect(told(figures, share)).toEqual([english, chinese])
})

test('of what others of the same unit and class served, the part that lies in the time somebody offered', () => {
  const served = (personClass: string, start: number, minutes: number) => ({
    ...{ unitId: 'u', personClass, start, end: start + 480, minutes },
  })
  const somebody = (id: string, personClass: string, ...ends: number[]) => ({
    ...{ id, unitId: 'u', personClass },
    availability: ends.map((end) => ({ kind: 'available' as const, start: 0, end })),
  })
  const people = [somebody('all', 'staff', 2000), somebody('some', 'staff', 480), somebody('alone', 'police', 480)]
  const times = [served('staff', 0, 400), served('staff', 480, 1200), served('volunteer', 0, 480)]
  expect(standingParts(people, times)).toEqual([
    { volunteerId: 'all', part: 1 },
    { volunteerId: 'some', part: 0.25 },
    { volunteerId: 'alone', part: 1 },
  ])
})
