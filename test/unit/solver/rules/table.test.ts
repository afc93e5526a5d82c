import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultRules } from '../../../../src/solver/index.ts'
import { RULES } from '../../../../src/solver/rules/index.ts'

const table = readFileSync(new URL('../../../../src/solver/rules/README.md', import.meta.url), 'utf8')
const rows = [...table.matchAll(/^\| (?:Fit|Body|Will|Post|Justice|Calm) \| `([a-z-]+)` \| ([^|]+) \|/gm)]

test('the table names every rule with the sentence it goes by', () => {
  expect(rows.map(([, name, asks]) => [name, asks])).toEqual(
    Object.values(RULES).map((rule) => [rule.name, rule.asks.en]),
  )
})

test('every rule is kept under its own name', () => {
  for (const [name, rule] of Object.entries(RULES)) expect(rule.name).toBe(name)
})

test('the default rules have ids of their own', () => {
  const ids = defaultRules().map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
})
