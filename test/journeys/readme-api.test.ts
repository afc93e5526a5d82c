import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

interface Request {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  /** The id in the answer is known by this name from then on. */
  keep: string | undefined
}

const text = readFileSync('docs/api.md', 'utf8')

/** The `http` blocks of a document, in their order. */
function requests(markdown: string): Request[] {
  return [...markdown.matchAll(/```http\n([\s\S]*?)```/g)].map(([, block]) => {
    const keep = /^# \{(\w+)\}$/m.exec(block!)?.[1]
    const [head, ...rest] = block!.replace(/^# .*\n/m, '').split('\n\n')
    const [first, ...headers] = head!.trim().split('\n')
    const [method, path] = first!.split(' ')
    const named = headers.map((line) => line.split(': ') as [string, string])
    return { method: method!, path: path!, headers: Object.fromEntries(named), body: rest.join('\n\n').trim(), keep }
  })
}

describe('docs/api.md', () => {
  const ids = new Map<string, string>()
  const known = (part: string) => part.replace(/\{(\w+)\}/g, (all, name: string) => ids.get(name) ?? all)
  let world: World
  beforeAll(async () => {
    world = await startWorld({ now: '2029-12-28T01:00:00Z' })
    ids.set('city', world.root.id)
  })
  afterAll(() => world.close())

  it.each(requests(text))('$method $path', async ({ method, path, headers, body, keep }) => {
    const { 'Content-Type': type, 'If-Match': etag, ...others } = headers
    const answer = await world.call(method, known(path), undefined, {
      headers: { ...others, ...(etag ? { 'if-match': await etagOf(known(path)) } : {}) },
      ...(body ? { raw: { type: type ?? 'application/json', body: known(body) } } : {}),
    })
    expect(answer.status, answer.text).toBeLessThan(300)
    await world.settled()
    if (keep) ids.set(keep, answer.body.id)
  })

  it('names routes that exist', async () => {
    const { paths } = (await world.must('GET', '/docs/json')).body as { paths: Record<string, Record<string, unknown>> }
    const shape = (path: string) => path.replace(/\?.*$/, '').replace(/\{\w+\}/g, '{}')
    const offered = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(path)}`),
    )
    const named = [text, readFileSync('README.md', 'utf8')].flatMap((document) =>
      [...document.matchAll(/\b(GET|POST|PATCH|PUT|DELETE) (\/v1\/[^\s`"]+)/g)].map(
        ([, method, path]) => `${method} ${shape(path!)}`,
      ),
    )
    expect(named.length).toBeGreaterThan(15)
    expect([...new Set(named)].filter((one) => !offered.includes(one))).toEqual([])
  })

  /** If-Match stands in the document as "…"; it means the ETag that a GET of the same thing answers. */
  async function etagOf(path: string): Promise<string> {
    return (await world.must('GET', path.replace(/:[a-z-]+$/, ''))).headers.get('etag') ?? ''
  }
})
