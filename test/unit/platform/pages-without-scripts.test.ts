import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { html } from '../../../src/platform/http/html.ts'
import { sendPage } from '../../../src/platform/http/public-page.ts'

const SRC = fileURLToPath(new URL('../../../src', import.meta.url))
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }))

/** What makes a browser act without anybody pressing anything. */
const ACTS_BY_ITSELF = /<script|javascript:|\.submit\(|\.requestSubmit\(|http-equiv|<[a-z][^>]* on[a-z]+=/i
const ofPages = files.filter(({ text }) => text.includes('html`'))

test('what is looked for would be found', () => {
  for (const page of [
    '<body onload="document.forms[0].submit()">',
    '<SCRIPT>x</SCRIPT>',
    '<a href="javascript:x">',
    '<img src="x" onerror=x>',
    '<meta http-equiv="refresh" content="0">',
  ])
    expect(page).toMatch(ACTS_BY_ITSELF)
  expect(ofPages.length).toBeGreaterThan(15)
  expect(ofPages.map(({ file }) => file)).toContain('modules/confirmations/confirmations.forms.ts')
})

test('no page has anything that acts by itself', () => {
  expect(ofPages.filter(({ text }) => ACTS_BY_ITSELF.test(text)).map(({ file }) => file)).toEqual([])
})

test('every page goes out by one door', () => {
  const senders = files.filter(({ text }) => text.includes('text/html')).map(({ file }) => file)
  expect(senders).toEqual(['platform/http/public-page.ts'])
})

test('and whatever got into a page all the same could not run, nor send a form elsewhere', async () => {
  const app = Fastify()
  app.decorate('supportPhone', undefined)
  app.get('/', (_request, reply) => sendPage(reply, 200, { lang: 'en', title: 'A page', body: html`<p>Hello</p>` }))
  const policy = (await app.inject('/')).headers['content-security-policy'] as string
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]))
  expect(rules.get('default-src')).toEqual(["'none'"])
  expect([...rules.keys()].filter((name) => name!.startsWith('script-src'))).toEqual([])
  expect(rules.get('form-action')).toEqual(["'self'"])
})
