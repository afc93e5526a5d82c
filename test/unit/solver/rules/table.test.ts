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

/** Titles of the tests of a file, and of the groups they stand in. */
const titlesIn = (source: string): string[] =>
  [...source.matchAll(/^\s*(?:describe|test)(?:\.each\([\s\S]*?\))?\(\s*['`]([^'`]+)/gm)].map((match) => match[1]!)

const wordsOf = (name: string): string => name.replaceAll('-', ' ')

/** Rules a title speaks of; `consecutive days off` is not about `consecutive-days`. */
function rulesIn(title: string): string[] {
  const said = ` ${wordsOf(title).replaceAll(/[^a-z ]/gi, ' ')} `
  const found = Object.keys(RULES).filter((name) => said.includes(` ${wordsOf(name)} `))
  return found.filter((name) => !found.some((other) => other !== name && other.startsWith(`${name}-`)))
}

test.each(rowsOf)('$name has a test of its own in $tests', ({ name, tests }) => {
  const file = new URL(`../${tests}`, import.meta.url)
  expect(existsSync(file), tests).toBe(true)
  const source = readFileSync(file, 'utf8')
  expect(titlesIn(source).flatMap(rulesIn)).toContain(name)
  expect(source).toContain(`rule('${name}'`)
})

test('a title speaks of the rules it names whole', () => {
  expect(rulesIn('grade and person class: one of those named')).toEqual(['grade', 'person-class'])
  expect(rulesIn('consecutive days off: short gaps')).toEqual(['consecutive-days-off'])
  expect(rulesIn('mix-distinct: no two of the same grade')).toEqual(['grade', 'mix-distinct'])
  expect(rulesIn('upgrades')).toEqual([])
})

test('every rule is kept under its own name', () => {
  for (const [name, rule] of Object.entries(RULES)) expect(rule.name).toBe(name)
})

test('the default rules have ids of their own', () => {
  const ids = defaultRules().map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
})
