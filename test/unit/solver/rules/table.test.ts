import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultRules } from '../../../../src/solver/index.ts'
import { RULES } from '../../../../src/solver/rules/index.ts'
import { rowsOf, ruleTable } from './table.ts'

const page = readFileSync(new URL('../../../../docs/rules.md', import.meta.url), 'utf8')

test('the page of rules names every rule with its field, its use, its sentence and its tests', () => {
  expect(rowsOf.map(({ name }) => name)).toEqual(Object.keys(RULES))
  const shown = page.split('\n').filter((line) => line.startsWith('| ') && line.split('|').length > 8)
  expect(shown.join('\n')).toBe(ruleTable())
})

test('every rule has tests where the table says', () => {
  for (const { name, tests } of rowsOf) {
    const file = new URL(`../${tests}`, import.meta.url)
    expect(existsSync(file), tests).toBe(true)
    expect(readFileSync(file, 'utf8').includes(`'${name}'`), name).toBe(true)
  }
})

test('every rule is kept under its own name', () => {
  for (const [name, rule] of Object.entries(RULES)) expect(rule.name).toBe(name)
})

test('the default rules have ids of their own', () => {
  const ids = defaultRules().map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
})
