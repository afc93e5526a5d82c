import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SeatsTown, seatsTown } from '../support/seats-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
})
afterAll(() => world.close())

const qualification = async (code: string, kind: string): Promise<string> =>
  (await world.must('POST', '/v1/qualifications', { code, name: code, kind })).body.id
const heard = (town: SeatsTown, who: string) => world.messagesTo(town.idOf(who)).map((message) => message.template)

/** What the plan says of its one open seat: who was ruled out by what, and in which words. */
async function whyOpen(town: SeatsTown) {
  const [reason, ...others] = await town.reasons()
  expect(others).toEqual([])
  return {
    eliminated: reason.eliminated.map((one: { rule: string; count: number }) => [one.rule, one.count]),
    texts: reason.nearest.flatMap((one: { failures: { text: { en: string } }[] }) =>
      one.failures.map((failure) => failure.text.en),
    ),
  }
}

describe('a seat is filled only by who fits it, and says so where it stays open', () => {
  test('languages: each of them is spoken', async () => {
    const town = await seatsTown(world, {
      people: { Amy: { languages: ['zh', 'bo'] }, Bo: { languages: ['zh'] }, Cy: { languages: ['bo'] }, Dan: {} },
      posts: { desk: { requirement: { minimum: 2, desired: 2, languages: ['bo', 'zh'] } } },
    })
    expect(await town.drafted()).toEqual({ desk: ['Amy'] })
    const { eliminated, texts } = await whyOpen(town)
    expect(eliminated).toContainEqual(['language', 3])
    expect(texts).toContain('Bo does not speak bo')
  })

  test('clearances: valid all the time, and told apart from what people are able to do', async () => {
    const insured = await qualification('insured', 'clearance')
    const nurse = await qualification('nurse', 'skill')
    const holding = (qualificationId: string, validTo?: string) => ({ qualificationId, ...(validTo && { validTo }) })
    const town = await seatsTown(world, {
      people: {
        Amy: { qualifications: [holding(insured), holding(nurse)] },
        Bo: { qualifications: [holding(insured, '2026-05-11'), holding(nurse)] },
        Cy: { qualifications: [holding(insured)] },
      },
      posts: { ward: { requirement: { minimum: 2, desired: 2, qualificationIds: [insured, nurse] } } },
    })
    expect(await town.drafted()).toEqual({ ward: ['Amy'] })
    const { eliminated, texts } = await whyOpen(town)
    expect(eliminated).toEqual(
      expect.arrayContaining([
        ['clearance', 1],
        ['qualification', 1],
      ]),
    )
    expect(texts).toEqual(
      expect.arrayContaining([
        'Bo lacks insured (not valid then: insured)',
        'Cy lacks the qualification nurse (holds none)',
      ]),
    )
  })

  test('a rule about the one kind leaves the other alone; filters mean both', async () => {
    const trained = await qualification('trained', 'clearance')
    const town = await seatsTown(world, {
      people: { Amy: { qualifications: [{ qualificationId: trained }] }, Bo: {}, Cy: {} },
      posts: { gate: { requirement: { minimum: 2, desired: 2, qualificationIds: [trained] } } },
    })
    expect(await town.drafted()).toEqual({ gate: ['Amy'] })
    const state = (body: object) => world.must('POST', '/v1/rules', { unitId: town.unitId, ...body })
    await state({ name: 'qualification', enabled: false })
    await town.regenerate()
    expect(await town.drafted()).toEqual({ gate: ['Amy'] })
    await state({ name: 'clearance', enabled: false })
    await town.regenerate()
    expect((await town.drafted()).gate).toHaveLength(2)
    await state({ name: 'mix', params: { people: { qualificationIds: [trained] }, max: 0 } })
    await town.regenerate()
    expect(await town.drafted()).toEqual({ gate: ['Bo', 'Cy'] })
  })

  test('distance: who lives too far away is not planned, who has not said where is', async () => {
    const home = (latitude: number) => ({ home: { latitude, longitude: 120.17 } })
    const town = await seatsTown(world, {
      people: { Far: home(30.6), Near: home(30.26), Unsaid: {} },
      posts: { gate: { place: { latitude: 30.25, longitude: 120.17 }, requirement: { minimum: 3, desired: 3 } } },
      rules: { distance: { maxKilometres: 10 } },
    })
    expect(await town.drafted()).toEqual({ gate: ['Near', 'Unsaid'] })
    const { eliminated, texts } = await whyOpen(town)
    expect(eliminated).toContainEqual(['distance', 1])
    expect(texts).toContain('Far lives 38.9 km from the post (limit 10 km)')
  })
})

test('candidates and those asked for an empty seat are who fits it as well', async () => {
  const home = (latitude: number) => ({ home: { latitude, longitude: 120.17 } })
  const insured = await qualification('insured-too', 'clearance')
  const fit = { languages: ['bo'], qualifications: [{ qualificationId: insured }], ...home(30.25) }
  const town = await seatsTown(world, {
    people: {
      Amy: fit,
      Fit: fit,
      Mute: { ...fit, languages: ['zh'] },
      Uninsured: { ...fit, qualifications: [] },
      Far: { ...fit, ...home(31) },
    },
    posts: {
      gate: {
        place: { latitude: 30.25, longitude: 120.17 },
        requirement: { languages: ['bo'], qualificationIds: [insured] },
      },
    },
    reserve: ['Fit', 'Mute', 'Uninsured', 'Far'],
    rules: { distance: { maxKilometres: 10 } },
  })
  expect(await town.drafted()).toEqual({ gate: ['Amy'] })
  const { slotId } = await town.seat('gate')
  const { items } = (await world.must('GET', `/v1/slots/${slotId}/candidates?limit=10`)).body
  const failuresOf = (who: string) =>
    items
      .find((one: { volunteerId: string }) => one.volunteerId === town.idOf(who))
      .failures.map((failure: { rule: string }) => failure.rule)
  expect(['Fit', 'Mute', 'Uninsured', 'Far'].map(failuresOf)).toEqual([[], ['language'], ['clearance'], ['distance']])

  await town.publish()
  await town.act('gate', 'withdraw')
  await world.settled()
  expect(heard(town, 'Fit')).toContain('offer')
  for (const who of ['Mute', 'Uninsured', 'Far']) expect(heard(town, who)).toEqual([])
})

test('a call-out in a language reaches those who speak it', async () => {
  const town = await seatsTown(world, {
    people: { Amy: { languages: ['bo', 'zh'] }, Bo: { languages: ['zh'] } },
    posts: { gate: { requirement: { minimum: 0 } } },
  })
  const { postId } = await town.seat('gate')
  const body = {
    postId,
    reason: 'Somebody has to translate',
    people: 2,
    length: 'PT2H',
    from: [{ kind: 'unit', id: town.unitId }],
    languages: ['bo'],
  }
  await world.must('POST', '/v1/call-outs', body, { headers: { 'idempotency-key': 'translate' } })
  await world.settled()
  expect(heard(town, 'Amy')).toContain('call-out')
  expect(heard(town, 'Bo')).toEqual([])
})
