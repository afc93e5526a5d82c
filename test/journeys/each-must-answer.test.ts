import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

const DEPARTMENTS = ['Office', 'General Affairs', 'Teaching Affairs', 'Security'] as const
const TEXTS = {
  zh: { title: '防汛值班安排', text: '8月1日起每天由一位领导带班。\n遇汛情随时待命。' },
  en: { title: 'Flood duty', text: 'From 1 August one leader is on duty every day.\nBe ready at any hour.' },
}

/** Scenario D: a college in summer leave, where each person must answer every message, through HTTP alone. */
test('each must answer, and who does not is reminded and at last named to whoever is responsible', async () => {
  await using world = await startWorld({ now: '2026-07-30T01:00:00Z' })
  const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
  const college = (await post('/v1/units', { parentId: world.root.id, kind: 'college', name: 'The college' })).id
  const departments: { id: string; name: string; people: string[] }[] = []
  for (const name of DEPARTMENTS) {
    const responsibles = [{ name: `Head of ${name}` }]
    const unit = await post('/v1/units', { parentId: college, kind: 'department', name, responsibles })
    const people = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        const locale = i === 0 ? 'zh' : 'en'
        const person = { unitId: unit.id, displayName: `${name} ${i + 1}`, personClass: 'staff', locale }
        return (await post('/v1/volunteers', person)).id as string
      }),
    )
    departments.push({ id: unit.id, name, people })
  }
  const everybody = departments.flatMap((one) => one.people)
  const told = (id: string, template: string) => world.messagesTo(id).filter((message) => message.template === template)

  // It goes out to all, once, each with a link of their own and in their own language.
  const audience = { sources: [{ kind: 'unit', unitId: college }] }
  const preview = await post('/v1/announcement-audiences', { audience })
  expect([preview.people, preview.units.length]).toEqual([24, 4])
  const made = await post('/v1/announcements', { unitId: college, texts: TEXTS, audience })
  expect(made.counts).toEqual({ recipients: 24, acknowledged: 0, missing: 24, unreached: 0 })
  await world.settled()
  const linkOf = new Map(everybody.map((id) => [id, told(id, 'announcement')[0]!.link!]))
  expect(new Set(linkOf.values()).size).toBe(24)
  expect(told(everybody[0]!, 'announcement')[0]!.subject).toBe('防汛值班安排')
  expect(told(everybody[1]!, 'announcement')[0]!.text).toContain('Be ready at any hour')
  const detail = async () => (await world.must('GET', `/v1/announcements/${made.id}`)).body

  // Opening it, as mail scanners do too, is no answer.
  for (const link of linkOf.values()) {
    for (const method of ['HEAD', 'GET', 'GET']) expect((await fetch(link, { method })).status).toBe(200)
  }
  expect((await detail()).counts.acknowledged).toBe(0)
  const answer = (id: string, revision = 1) =>
    fetch(linkOf.get(id)!, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ answer: 'acknowledge', revision: String(revision) }),
    })
  const silent = [everybody[5]!, everybody[11]!, everybody[17]!]
  for (const id of everybody) {
    if (silent.includes(id)) continue
    for (let times = 0; times < 2; times += 1) expect((await answer(id)).status).toBe(303)
  }
  expect((await detail()).counts).toMatchObject({ acknowledged: 21, missing: 3 })
  const page = await (await fetch(`${linkOf.get(everybody[1]!)}?lang=en`)).text()
  expect(page).toContain('We have your answer')
  expect(page).not.toContain('<form')
  const missing = (await world.must('GET', `/v1/announcements/${made.id}/recipients?acknowledged=false`)).body.items
  expect(missing.map((one: { volunteerId: string }) => one.volunteerId).sort()).toEqual([...silent].sort())

  // After a day those who have not answered are reminded, and only they; one of them answers then.
  await world.advance({ hours: 24, minutes: 1 })
  expect(everybody.filter((id) => told(id, 'announcement-reminder').length > 0).sort()).toEqual([...silent].sort())
  expect((await answer(silent[0]!)).status).toBe(303)
  await world.advance({ hours: 24 })
  expect(silent.map((id) => told(id, 'announcement-reminder').length)).toEqual([1, 2, 2])

  // At last the responsible people of their departments hear the names, each of their own.
  await world.advance({ hours: 24 })
  const overdue = world.messages.filter((message) => message.template === 'announcement-overdue')
  expect(overdue.map((message) => message.to).sort()).toEqual(
    [`unit/${departments[1]!.id}`, `unit/${departments[2]!.id}`].sort(),
  )
  for (const message of overdue) {
    const own = message.to === `unit/${departments[1]!.id}` ? departments[1]!.name : departments[2]!.name
    expect(message.text).toContain(`- ${own} 6 (${own})`)
    expect(message.text.match(/^- /gm)).toHaveLength(1)
  }
  await world.must('POST', `/v1/announcements/${made.id}:acknowledge`, {
    volunteerId: silent[1],
    reason: 'said so by phone',
  })
  expect((await detail()).counts.missing).toBe(1)

  // A comma is no new matter; another hour is, and all are asked anew.
  const change = async (body: object) => {
    const { version } = await detail()
    return world.must('PATCH', `/v1/announcements/${made.id}`, body, { headers: { 'if-match': `"${version}"` } })
  }
  await change({ texts: TEXTS, material: false })
  expect((await detail()).counts.acknowledged).toBe(23)
  const later = { ...TEXTS, en: { title: 'Flood duty', text: 'From 3 August two leaders are on duty every day.' } }
  await change({ texts: later, material: true })
  await world.settled()
  expect((await detail()).counts).toMatchObject({ acknowledged: 0, missing: 24 })
  expect(everybody.every((id) => told(id, 'announcement-changed').length === 1)).toBe(true)
  const late = await answer(everybody[1]!, 1)
  expect(late.status).toBe(409)
  const shown = await late.text()
  expect(shown).toContain('It has just changed')
  expect(shown).toContain('From 3 August two leaders')
  expect((await answer(everybody[1]!, 3)).status).toBe(303)
  expect((await detail()).counts.acknowledged).toBe(1)

  // Once it is stopped nobody is reminded any more, and the page says so.
  await world.must('POST', `/v1/announcements/${made.id}:stop`, { reason: 'the rain is over' })
  const sent = world.messages.length
  await world.advance({ days: 5 })
  expect(world.messages.length).toBe(sent)
  expect(await (await fetch(linkOf.get(everybody[7]!)!)).text()).toContain('This announcement is over')
}, 120_000)
