import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stepsBetween } from '../../../src/modules/organisation/tree.rules.ts'
import { divide, type Keeper, type Site } from '../../../src/modules/standing-duties/division.rules.ts'
import { FIVE_IN_ONE, proposeTeam, type Teammate } from '../../../src/modules/standing-duties/teams.rules.ts'
import { canBeFiled, dueOn } from '../../../src/modules/standing-duties/visits.rules.ts'

const path = fc.constantFrom('/r/', '/r/a/', '/r/b/', '/r/a/x/', '/r/a/y/', '/r/b/z/')
const sites = fc
  .array(path, { maxLength: 25 })
  .map((paths) => paths.map((unitPath, i): Site => ({ id: `s${i}`, unitPath })))
const keepers = fc
  .array(fc.record({ unitPath: path, load: fc.nat(4) }), { minLength: 1, maxLength: 9 })
  .map((list) => list.map((one, i): Keeper => ({ ...one, id: `k${i}` })))

const loadsAfter = (people: Keeper[], keeperOf: Map<string, string>) =>
  new Map(people.map((one) => [one.id, one.load + [...keeperOf.values()].filter((id) => id === one.id).length]))

describe('the division of sites', () => {
  test('every site has one keeper, and nobody has two more than somebody who could have taken one', () => {
    fc.assert(
      fc.property(sites, keepers, (places, people) => {
        const keeperOf = divide(places, people)
        expect([...keeperOf.keys()].sort()).toEqual(places.map((one) => one.id).sort())
        const loads = loadsAfter(people, keeperOf)
        const gained = people.filter((one) => loads.get(one.id)! > one.load)
        const least = Math.min(...loads.values())
        for (const one of gained) expect(loads.get(one.id)! - least).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('no two keepers come nearer by exchanging sites, and the order of the facts does not matter', () => {
    fc.assert(
      fc.property(sites, keepers, (places, people) => {
        const keeperOf = divide(places, people)
        const pathOf = new Map([...places, ...people].map((one) => [one.id, one.unitPath]))
        const far = (site: string, keeper: string) => stepsBetween(pathOf.get(site)!, pathOf.get(keeper)!)
        for (const [a, one] of keeperOf)
          for (const [b, other] of keeperOf)
            expect(far(a, one) + far(b, other)).toBeLessThanOrEqual(far(a, other) + far(b, one))
        expect(divide(places.toReversed(), people.toReversed())).toEqual(keeperOf)
      }),
    )
  })

  test('nobody there: nothing divided', () => {
    expect(divide([{ id: 's', unitPath: '/r/' }], []).size).toBe(0)
  })
})

describe('a team for a case', () => {
  const mate = (id: string, more: Partial<Teammate>): Teammate => ({
    id,
    personClass: 'staff',
    grade: null,
    qualificationIds: [],
    unitPath: '/r/',
    load: 0,
    ...more,
  })

  test('nobody takes two roles, and a role few can take chooses first', () => {
    const roles = [
      { role: 'any', personClasses: [], grades: [], qualificationIds: [] },
      { role: 'medic', personClasses: ['medical' as const], grades: [], qualificationIds: [] },
    ]
    const people = [mate('m', { personClass: 'medical' }), mate('s', { load: 3 })]
    expect(Object.fromEntries(proposeTeam(roles, people, '/r/'))).toEqual({ medic: 'm', any: 's' })
  })

  test('fewest duties before nearness, and a role nobody fits stays open', () => {
    const people = [
      mate('near', { personClass: 'police', unitPath: '/r/a/', load: 1 }),
      mate('far', { personClass: 'police', unitPath: '/r/b/' }),
    ]
    expect(Object.fromEntries(proposeTeam(FIVE_IN_ONE, people, '/r/a/'))).toEqual({ 'police officer': 'far' })
    expect(proposeTeam(FIVE_IN_ONE, [{ ...people[0]!, load: 0 }, people[1]!], '/r/a/').get('police officer')).toBe(
      'near',
    )
  })
})

describe('visits', () => {
  const plan = {
    rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    startTime: '09:00',
    zone: 'Asia/Shanghai',
    fromOn: '2022-03-14',
    toOn: '2022-03-28',
  }

  test('are due at the wall time of days on which the rule falls, inside the period', () => {
    expect(dueOn(plan, '2022-03-14')?.toISOString()).toBe('2022-03-14T01:00:00.000Z')
    expect(dueOn(plan, '2022-03-19')).toBeUndefined()
    expect(dueOn(plan, '2022-03-11')).toBeUndefined()
    expect(dueOn(plan, '2022-03-28')).toBeUndefined()
  })

  test('are reported on their day or the day after', () => {
    const visit = { localDay: '2022-03-14', state: 'missing' }
    expect(['2022-03-13', '2022-03-14', '2022-03-15', '2022-03-16'].map((day) => canBeFiled(visit, day))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(canBeFiled({ ...visit, state: 'cancelled' }, '2022-03-14')).toBe(false)
  })
})
