import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { smsSegments } from '../../../src/modules/notifications/channels/sms-segments.ts'
import { fill } from '../../../src/modules/notifications/notifications.rules.ts'
import type { Template } from '../../../src/modules/notifications/notifications.types.ts'
import { codeValues } from '../../../src/modules/notifications/notifications.writing.ts'
import { builtIn, placeholdersOf } from '../../../src/modules/notifications/templates.rules.ts'
import { EXAMPLE_CODE, examplesFor, longestFor } from '../../../src/modules/notifications/templates.samples.ts'

const MODULES = fileURLToPath(new URL('../../../src/modules', import.meta.url))

const files = readdirSync(MODULES, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.messages.ts'),
)
const rooms = await Promise.all(
  files.map((file) => import(join(MODULES, file)) as Promise<Record<string, Record<string, Template>>>),
)
const all = rooms.flatMap((room) =>
  Object.entries(room)
    .filter(([name]) => name.endsWith('Templates'))
    .flatMap(([, templates]) => Object.entries(templates)),
)

const TO_UNIT = 'for those who answer for a unit, with all they need to act: there is no page behind it'
const THANKS = 'says that there is nothing to do and names the duty: there is no page behind it'
/** Templates whose text message may take more than one segment, and why; at most three then. */
const LONGER: Record<string, string> = {
  'check-in-missing-unit': TO_UNIT,
  'no-show-question': TO_UNIT,
  'check-out-missing-unit': TO_UNIT,
  'correction-requested': TO_UNIT,
  'late-entry': TO_UNIT,
  'relief-missing-unit': TO_UNIT,
  'post-empty': TO_UNIT,
  'duties-unacknowledged': TO_UNIT,
  'duties-unheard': TO_UNIT,
  'gap-exhausted': TO_UNIT,
  'gap-at-risk': TO_UNIT,
  'gap-summary': TO_UNIT,
  'call-out-short': TO_UNIT,
  'standing-duty-open': TO_UNIT,
  'report-nobody': TO_UNIT,
  'report-alarm': TO_UNIT,
  'report-missing': TO_UNIT,
  'campaign-undivided': TO_UNIT,
  'inspection-findings': TO_UNIT,
  'swap-to-approve': TO_UNIT,
  'standing-duty-ended': THANKS,
}

const asSms = (template: Template, locale: 'zh' | 'en', values: Record<string, string>): string =>
  fill(builtIn(template, locale, 'sms').text, { ...values, ...codeValues('v.example.cn', EXAMPLE_CODE, locale) })

const cases = all.flatMap(([name, template]) => (['zh', 'en'] as const).map((locale) => ({ name, template, locale })))

test('there are the templates of all rooms', () => {
  expect(all.length).toBeGreaterThan(60)
  const names = all.map(([name]) => name)
  expect(Object.keys(LONGER).filter((name) => !names.includes(name))).toEqual([])
})

test.each(cases)('$name in $locale is one text message, or a reason stands here', ({ name, template, locale }) => {
  const longest = asSms(template, locale, longestFor(template, locale))
  expect(smsSegments(longest), longest).toBeLessThanOrEqual(LONGER[name] ? 3 : 1)
})

test.each(cases)('$name in $locale leaves room for a signature as things usually are', ({ name, template, locale }) => {
  if (LONGER[name]) return
  const usual = `【某某区志愿】${asSms(template, locale, examplesFor(template, locale))}`
  expect(smsSegments(usual), usual).toBeLessThanOrEqual(locale === 'zh' ? 1 : 3)
})

test.each(all)('what %s sends by text message leads to the same page as its link', (_name, template) => {
  const hasLink = placeholdersOf(template.texts.zh.text).includes('link')
  for (const locale of ['zh', 'en', 'bo'] as const) {
    const names = placeholdersOf(builtIn(template, locale, 'sms').text)
    expect(names.includes('code') || names.includes('link')).toBe(hasLink)
  }
})

test.each(all)('examples are known for all that %s says', (_name, template) => {
  const unknown = Object.values(examplesFor(template, 'en')).filter((value) => value.startsWith('‹'))
  expect(unknown.filter((value) => !['‹link›', '‹address›', '‹code›'].includes(value))).toEqual([])
})
