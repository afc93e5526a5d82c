import { describe, expect, test } from 'vitest'
import { RULE_NAMES, RULE_PARAMS } from '../../../src/modules/rosters/roster-rules.params.ts'
import {
  effectiveRules,
  isOnlySoft,
  type Names,
  type StatedRule,
  toInstance,
} from '../../../src/modules/rosters/roster-rules.rules.ts'
import { ruleFindings } from '../../../src/modules/rosters/roster-rules.schemas.ts'
import { defaultRules } from '../../../src/solver/index.ts'
import { RULES } from '../../../src/solver/rules/index.ts'

const ID = '01890000-0000-7000-8000-00000000000a'
const rule = (more: Partial<StatedRule>): StatedRule => ({
  id: 'own',
  unitId: ID,
  name: 'minimum-rest',
  params: { minutes: 60 },
  weight: null,
  scope: {},
  enabled: true,
  ...more,
})
const names: Names = {
  echelon: (id) => `echelon ${id}`,
  unit: (id) => `unit ${id}`,
  qualification: (id) => `paper ${id}`,
  echelonsOf: (setId) => [`first of ${setId}`, `second of ${setId}`],
}

describe('the vocabulary', () => {
  test('is the engine’s: every rule of it has parameters here, and none more', () => {
    expect([...RULE_NAMES].sort()).toEqual(Object.keys(RULES).sort())
  })

  test('defaults of the engine are sound in it, and come out as the engine states them', () => {
    for (const one of defaultRules()) {
      expect(ruleFindings({ name: one.rule, params: one.params, weight: one.strength === 'hard' ? null : 1 })).toEqual(
        [],
      )
      expect(RULE_PARAMS[one.rule].parse(one.params)).toEqual(one.params)
    }
    expect(effectiveRules([]).map((one) => toInstance(one, names))).toEqual(defaultRules())
  })

  test('dates and ids of the API become days, minutes and names of the engine', () => {
    const told = (name: StatedRule['name'], params: Record<string, unknown>, scope = {}) =>
      toInstance(rule({ name, params, scope }), names)
    expect(told('not-before', { instant: '1970-01-02T00:00:00Z' }).params).toEqual({ instant: 1440 })
    expect(told('request', { volunteerId: ID, kind: 'off', day: '1970-01-11' }).params).toEqual({
      personId: ID,
      kind: 'off',
      day: 10,
    })
    expect(told('mix', { people: { echelonIds: [ID], unitIds: [ID], qualificationIds: [ID] }, min: 1 }).params).toEqual(
      {
        people: { groupIds: [`echelon ${ID}`], units: [`unit ${ID}`], qualifications: [`paper ${ID}`] },
        min: 1,
      },
    )
    expect(told('grade', {}, { echelonSetIds: ['s'], postIds: ['p'], personClasses: ['staff'] }).scope).toEqual({
      people: { groupIds: ['first of s', 'second of s'], personClasses: ['staff'] },
      duties: { postIds: ['p'] },
    })
  })
})

describe('rules in force', () => {
  const named = (layers: StatedRule[][], name: string) => effectiveRules(layers).filter((one) => one.name === name)

  test('the nearer word on the same thing holds', () => {
    const far = rule({ id: 'far' })
    const near = rule({ id: 'near', params: { minutes: 30 } })
    expect(named([[far], [near]], 'minimum-rest').map((one) => one.id)).toEqual(['near'])
  })

  test('another window, measure or scope is another thing; the order of keys is not', () => {
    const limit = (id: string, params: object, scope = {}) =>
      rule({ id, name: 'load-limit', params: { measure: 'minutes', max: 1, ...params }, scope })
    const rules = [
      limit('a', { window: { per: 'rolling', days: 7 } }),
      limit('b', { window: { per: 'week' } }),
      limit('c', { window: { per: 'week' } }, { postIds: ['p'] }),
      limit('d', { window: { days: 7, per: 'rolling' }, max: 2 }),
    ]
    expect(named([rules], 'load-limit').map((one) => one.id)).toEqual(['d', 'b', 'c'])
  })

  test('one that is not enabled takes the inherited one away', () => {
    expect(named([[rule({ enabled: false })]], 'minimum-rest')).toEqual([])
  })
})

test('what compares people can only be weighed', () => {
  expect(RULE_NAMES.filter(isOnlySoft)).toEqual(['fair-share'])
})
