import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: { id: string }

// A volunteer on two days at one gate, 23 others for an hour each at another in a town of its own.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T11:00:00Z', worker: false })
  const at = duties(world)
  town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: '城东镇' })).body
  const serve = async (volunteerId: string, postId: string, start: string, minutes: number) => {
    const duty = await at.duty({ volunteerId, postId, start, length: 'PT2H' })
    const from = Date.parse(`${start}:00+08:00`)
    for (const [verb, instant] of [
      ['check-in', from],
      ['check-out', from + minutes * 60_000],
    ] as const) {
      const body = { at: new Date(instant).toISOString(), reason: 'paper list' }
      await world.must('POST', `/v1/assignments/${duty.id}:${verb}`, body)
    }
  }
  const east = await at.post({ name: 'East <gate> & co' })
  const west = await at.post({ name: 'West gate', unitId: town.id })
  const busy = await at.person({ displayName: '王小明' })
  await serve(busy.id, east.id, '2026-05-04T08:00', 120)
  await serve(busy.id, east.id, '2026-05-06T21:00', 90)
  for (let i = 0; i < 23; i += 1) {
    const person = await at.person({ displayName: `Volunteer ${i}`, unitId: town.id })
    await serve(person.id, west.id, '2026-05-05T10:00', 60)
  }
})
afterAll(() => world.close())

/** The picture as an XML parser reads it: texts that are seen, and what bars and dots say of themselves. */
async function draw(path: string) {
  const { status, headers, bytes } = await download(world, `/v1/hours/charts/${path}`)
  const svg = bytes.toString()
  expect(status, svg).toBe(200)
  const texts: string[] = []
  const names: string[] = []
  const open: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => open.push(name))
  parser.on('text', (text) => {
    if (open.at(-1) === 'text') texts.push(text)
    if (open.at(-1) === 'title' || open.at(-1) === 'desc') names.push(text)
  })
  parser.on('closetag', () => open.pop())
  parser.write(svg).close()
  return { svg, headers, texts, names }
}

test('people: the twenty with most hours, the rest together, day and night apart', async () => {
  const { texts, names, headers, svg } = await draw('person.svg?lang=en')
  expect(headers.get('content-type')).toContain('image/svg+xml')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'")
  expect(svg).not.toMatch(/<script|<style|on\w+=/)
  expect(names[0]).toBe('Hours by person')
  expect(names[1]).toBe('24 in all, together 26.50 hours.')
  expect(texts).toContain('王小明')
  expect(texts.filter((text) => text.startsWith('Volunteer'))).toHaveLength(19)
  expect(texts).toContain('4 others')
  const own = names.filter((name) => name.startsWith('王小明'))
  expect(own).toHaveLength(2)
  const hours = own.map((name) => Number(/: ([\d.]+)$/.exec(name)![1]))
  expect(hours[0]! + hours[1]!).toBeCloseTo(3.5)
  expect(hours[1]).toBeGreaterThan(0)
})

test('posts and units: the figures of the summary, names escaped', async () => {
  const posts = await draw('post.svg?lang=en')
  expect(posts.texts).toContain('East <gate> & co')
  expect(posts.names).toContain('West gate, Day: 23')
  const units = await draw(`unit.svg?unitId=${town.id}`)
  expect(units.texts).toContain('城东镇')
  expect(units.names.slice(0, 2)).toEqual(['各单位时长（小时）', '共1项，合计23.00小时。'])
  expect(units.names).toContain('城东镇, 日间: 23')
})

test('days: every day of the period, served and planned', async () => {
  const { names, texts } = await draw('day.svg?lang=en&from=2026-05-03&to=2026-05-08')
  expect(names.filter((name) => name.startsWith('Served'))).toEqual([
    'Served, 05-03: 0',
    'Served, 05-04: 2',
    'Served, 05-05: 23',
    'Served, 05-06: 1.5',
    'Served, 05-07: 0',
  ])
  expect(names).toContain('Planned, 05-05: 46')
  expect(texts).toContain('05-03')
})

test('nothing to show is a picture as well; what is wrong is told, and others see nothing', async () => {
  expect((await draw('day.svg?from=2020-01-01&to=2020-01-03&lang=en')).names[1]).toContain('together 0.00 hours')
  expect((await draw('post.svg?from=2020-01-01&to=2020-01-03&lang=en')).names[1]).toContain('0 in all')
  const long = await world.call('GET', '/v1/hours/charts/day.svg?from=2020-01-01&to=2026-01-03')
  expect([long.status, long.body.errors[0].code]).toEqual([422, 'period-too-long'])
  const order = await world.call('GET', '/v1/hours/charts/day.svg?from=2026-01-03&to=2026-01-01')
  expect([order.status, order.body.errors[0].code]).toEqual([400, 'to-not-after-from'])
  expect((await world.call('GET', '/v1/hours/charts/echelon.svg')).status).toBe(400)
  const key = await world.makeKey(town.id, 'viewer')
  const answer = await download(world, '/v1/hours/charts/person.svg', { key })
  expect([answer.status, answer.bytes.toString().includes('王小明')]).toEqual([200, false])
  const root = await world.call('GET', `/v1/hours/charts/day.svg?unitId=${world.root.id}`, undefined, { key })
  expect([root.status, root.body.errors[0].code]).toEqual([422, 'unit-unknown'])
})
