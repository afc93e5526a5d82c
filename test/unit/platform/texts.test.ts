import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../../src/platform/http/html.ts'
import bo from '../../../src/platform/texts/bo.json' with { type: 'json' }
import { catalogue, roomsToTranslate } from '../../../src/platform/texts/catalogue.ts'
import { langOf, said, say } from '../../../src/platform/texts/say.ts'
import { HAS_TEXTS, type Skeleton, skeletonOf } from '../../../src/platform/texts/skeleton.ts'

const SRC = fileURLToPath(new URL('../../../src', import.meta.url))

beforeAll(async () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    if (HAS_TEXTS.test(readFileSync(join(SRC, file), 'utf8'))) await import(join(SRC, file))
  }
})

test('the Tibetan skeleton has every name of every room (if not: npm run texts:missing)', () => {
  expect(roomsToTranslate().size).toBeGreaterThan(3)
  expect(bo).toEqual(skeletonOf(roomsToTranslate(), bo as Skeleton))
})

test('what a translation says in braces the Chinese text says too', () => {
  const braces = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
  const compare = (own: Record<string, unknown>, other: Record<string, unknown>, path: string) => {
    for (const [name, text] of Object.entries(own)) {
      const said = other?.[name]
      if (typeof text === 'string' && typeof said === 'string') {
        expect(
          braces(said).filter((brace) => !braces(text).includes(brace)),
          `${path}.${name}`,
        ).toEqual([])
      } else if (text && typeof text === 'object' && said && typeof said === 'object') {
        compare(text as Record<string, unknown>, said as Record<string, unknown>, `${path}.${name}`)
      }
    }
  }
  for (const [room, own] of roomsToTranslate()) {
    compare(own as Record<string, unknown>, (bo as Record<string, Record<string, unknown>>)[room]!, room)
  }
})

describe('a language with holes', () => {
  test('falls back to Chinese, name by name', () => {
    const texts = catalogue('test-room', { zh: { a: '甲', b: { c: '乙' } }, en: { a: 'A', b: { c: 'C' } } })
    expect(texts.bo).toEqual(texts.zh)
    expect(texts.en).toEqual({ a: 'A', b: { c: 'C' } })
  })

  test('keeps what is translated when names come and go', () => {
    const rooms = new Map<string, object>([
      ['b', { old: '旧', more: { new: '新' } }],
      ['a', { x: '一' }],
    ])
    expect(skeletonOf(rooms, { b: { old: 'རྙིང་པ', gone: 'x' } })).toEqual({
      a: { x: null },
      b: { old: 'རྙིང་པ', more: { new: null } },
    })
  })

  test('owns up to Chinese on a Tibetan page, and only there', () => {
    expect(said('值班', 'bo').text).toBe('<span lang="zh">值班</span>')
    expect(said('值班', 'zh').text).toBe('值班')
    expect(said('བོད་ཡིག', 'bo').text).toBe('བོད་ཡིག')
    expect(said('12:00', 'bo').text).toBe('12:00')
    expect(html`<b${langOf('值班', 'bo')}>`.text).toBe('<b lang="zh">')
  })

  test('marks what is put in for itself, and escapes it', () => {
    const words = say('བོད {name} <', 'bo', { name: '王&' })
    expect(words.text).toBe('བོད <span lang="zh">王&amp;</span> &lt;')
    expect(say('{a} {b}', 'en', { a: html`<i>x</i>` }).text).toBe('<i>x</i> {b}')
  })
})
