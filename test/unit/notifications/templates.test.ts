import { expect, test } from 'vitest'
import { confirmationTemplates } from '../../../src/modules/confirmations/confirmations.messages.ts'
import { gapFillingTemplates } from '../../../src/modules/gap-filling/gap-filling.messages.ts'

const all = Object.entries({ ...confirmationTemplates, ...gapFillingTemplates })
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()

test.each(all)('%s asks for the same facts in both languages, and addresses the person', (_name, { texts }) => {
  expect(new Set(placeholders(texts.zh.text))).toEqual(new Set(placeholders(texts.en.text)))
  expect(placeholders(texts.zh.text)).toContain('name')
  expect(placeholders(texts.zh.subject)).toEqual(placeholders(texts.en.subject))
})
