import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BROADCAST_AT_MOST,
  byTurn,
  type CascadeFacts,
  gapCauseOf,
  nextCascadeStep,
  nextWave,
  type OfferFactsNow,
  type Standing,
  standingOf,
  type Tier,
} from '../../../src/modules/gap-filling/gap-filling.rules.ts'
import { ASSIGNMENT_STATES } from '../../../src/modules/rosters/rosters.states.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)
const NOW = at('04T10:00')
const policy = { offerMinutes: 30, offerShare: 0.25, waveSize: 3, broadcastBelowMinutes: 90, cutOffMinutes: 120 }
const far = { startsAt: at('06T08:00'), endsAt: at('07T08:00') }
const near = { startsAt: at('04T11:00'), endsAt: at('04T19:00') }

const tier = (echelonId: string, changes: Partial<Tier> = {}): Tier => ({
  echelonId,
  members: 10,
  asked: 0,
  askable: [],
  passedOver: {},
  ...changes,
})
const people = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
const facts = (changes: Partial<CascadeFacts>): CascadeFacts => ({
  seat: far,
  wanted: true,
  policy,
  live: [],
  tiers: [],
  ...changes,
})
const asked = (step: ReturnType<typeof nextCascadeStep>) =>
  step.kind === 'ask' ? step.people.map((one) => one.volunteerId) : step.kind

describe('a wave', () => {
  test.each([
    ['as long as the policy gives', far, NOW, { broadcast: false, size: 3, expiresAt: at('04T10:30') }],
    ['a share of the time left', { ...far, startsAt: at('04T11:40') }, NOW, { size: 3, expiresAt: at('04T10:25') }],
    ['all at once below the floor', near, NOW, { broadcast: true, size: BROADCAST_AT_MOST, expiresAt: at('04T10:15') }],
    ['once begun, by the time until the end', near, at('04T18:00'), { broadcast: true, expiresAt: at('04T18:15') }],
    ['at least a minute', near, at('04T18:58'), { expiresAt: at('04T18:59') }],
  ])('lasts %s', (_name, seat, now, expected) => {
    expect(nextWave(seat, policy, now)).toMatchObject(expected)
  })

  test('never outlasts the shift', () => {
    expect(nextWave(near, policy, new Date(near.endsAt.getTime() - 1_000)).expiresAt).toEqual(near.endsAt)
  })
})

describe('the next step', () => {
  test('asks the best of the first echelon', () => {
    const step = nextCascadeStep(facts({ tiers: [tier('one', { askable: people('a', 5) }), tier('two')] }), NOW)
    expect(step).toMatchObject({ kind: 'ask', expiresAt: at('04T10:30'), spent: [] })
    expect(asked(step)).toEqual(['a1', 'a2', 'a3'])
  })

  test('tops the wave up when somebody has declined', () => {
    const live = [
      { echelonId: 'one', expiresAt: at('04T10:30') },
      { echelonId: 'one', expiresAt: at('04T10:30') },
    ]
    expect(asked(nextCascadeStep(facts({ live, tiers: [tier('one', { askable: people('a', 5) })] }), NOW))).toEqual([
      'a1',
    ])
  })

  test('waits while a whole wave is being asked', () => {
    const live = people('x', 3).map(() => ({ echelonId: 'one', expiresAt: at('04T10:30') }))
    const step = nextCascadeStep(facts({ live, tiers: [tier('one', { askable: ['a'] })] }), NOW)
    expect(step).toEqual({ kind: 'wait', spent: [] })
  })

  test('does not call the next echelon while an offer of this one is live', () => {
    const live = [{ echelonId: 'one', expiresAt: at('04T10:30') }]
    const tiers = [tier('one', { asked: 3 }), tier('two', { askable: people('b', 3) })]
    expect(nextCascadeStep(facts({ live, tiers }), NOW).kind).toBe('wait')
  })

  test('passes over an echelon that is empty, used up, busy or without anybody eligible, with the reason', () => {
    const tiers = [
      tier('empty', { members: 0 }),
      tier('used', { asked: 4 }),
      tier('none', { passedOver: { absent: 1, qualification: 7, 'on duty then': 1 } }),
      tier('busy', { busyUntil: at('04T10:20'), passedOver: { absent: 2 } }),
      tier('last', { askable: ['z'] }),
    ]
    const step = nextCascadeStep(facts({ tiers }), NOW)
    expect(asked(step)).toEqual(['z'])
    expect(step).toMatchObject({
      spent: [
        { echelonId: 'empty', asked: 0, because: 'empty' },
        { echelonId: 'used', asked: 4, because: 'all asked' },
        { echelonId: 'none', because: 'nobody eligible (qualification 7, absent 1, on duty then 1)' },
        { echelonId: 'busy', because: 'busy elsewhere (absent 2)' },
      ],
    })
  })

  test('waits for the first who is free again when all others were asked', () => {
    const tiers = [tier('one', { busyUntil: at('04T10:20') }), tier('two', { busyUntil: at('04T10:10') })]
    expect(nextCascadeStep(facts({ tiers }), NOW)).toMatchObject({ kind: 'wait', until: at('04T10:10') })
  })

  test('is the end when nobody is left', () => {
    expect(nextCascadeStep(facts({ tiers: [tier('one', { asked: 2 })] }), NOW)).toEqual({
      kind: 'exhausted',
      spent: [{ echelonId: 'one', asked: 2, because: 'all asked' }],
    })
    expect(nextCascadeStep(facts({ tiers: [] }), NOW)).toEqual({ kind: 'exhausted', spent: [] })
  })

  test('with little time left asks across all echelons, even while offers are live', () => {
    const live = [{ echelonId: 'one', expiresAt: at('04T10:30') }]
    const tiers = [tier('one', { askable: people('a', 2) }), tier('two'), tier('three', { askable: people('c', 400) })]
    const step = nextCascadeStep(facts({ seat: near, live, tiers }), NOW)
    expect(asked(step)).toHaveLength(BROADCAST_AT_MOST - 1)
    expect(asked(step).slice(0, 3)).toEqual(['a1', 'a2', 'c1'])
    expect(step).toMatchObject({ spent: [{ echelonId: 'two' }] })
  })

  test('closes what is not wanted, or over', () => {
    expect(nextCascadeStep(facts({ wanted: false }), NOW)).toEqual({ kind: 'close' })
    expect(nextCascadeStep(facts({ seat: near }), near.endsAt)).toEqual({ kind: 'close' })
  })

  test('whatever the facts: never more live offers than a wave, nobody twice, and always a way on', () => {
    const someTier = fc.record({
      members: fc.nat(5),
      asked: fc.nat(3),
      askable: fc.array(fc.integer({ min: 0, max: 999 }).map(String), { maxLength: 12 }),
      busyUntil: fc.option(fc.constant(at('04T10:20')), { nil: undefined }),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(someTier, { maxLength: 4 }),
        fc.nat(5),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        (some, liveCount, urgent, waveSize) => {
          const seen = new Set<string>()
          const tiers = some.map((one, index) =>
            tier(`t${index}`, { ...one, askable: one.askable.filter((id) => !seen.has(id) && seen.add(id)) }),
          )
          const live = people('x', Math.min(liveCount, waveSize)).map(() => ({
            echelonId: 't0',
            expiresAt: at('04T10:30'),
          }))
          const seat = urgent ? near : far
          const step = nextCascadeStep(facts({ seat, live, tiers, policy: { ...policy, waveSize } }), NOW)
          const wave = nextWave(seat, { ...policy, waveSize }, NOW)
          if (step.kind === 'ask') {
            const ids = step.people.map((one) => one.volunteerId)
            expect(ids.length).toBeGreaterThan(0)
            expect(ids.length + live.length).toBeLessThanOrEqual(wave.size)
            expect(new Set(ids).size).toBe(ids.length)
            if (!urgent) expect(new Set(step.people.map((one) => one.echelonId)).size).toBe(1)
          }
          if (step.kind === 'wait') expect(live.length > 0 || step.until !== undefined).toBe(true)
          if (step.kind === 'exhausted') {
            expect(live).toEqual([])
            expect(tiers.every((one) => one.askable.length === 0 && !one.busyUntil)).toBe(true)
          }
        },
      ),
    )
  })
})

test('who carries less goes first, then who was asked less, then who has rested longer', () => {
  const one = (volunteerId: string, loadMinutes: number, offers = 0, last: string | null = null): Standing => ({
    volunteerId,
    loadMinutes,
    offers,
    lastEndedAt: last ? at(last) : null,
  })
  const order = [
    one('never', 0),
    one('rested', 0, 0, '01T08:00'),
    one('recent', 0, 0, '03T08:00'),
    one('bothered', 0, 2),
    one('a-loaded', 480),
    one('b-loaded', 480),
  ]
  expect([...order].reverse().sort(byTurn)).toEqual(order)
})

test('a seat is empty for a reason, and only when its holder went', () => {
  const causes = ASSIGNMENT_STATES.flatMap((state) => (gapCauseOf(state) ? [[state, gapCauseOf(state)]] : []))
  expect(Object.fromEntries(causes)).toEqual({
    declined: 'declined',
    lapsed: 'lapsed',
    withdrawn: 'withdrawn',
    cancelled: 'cancelled',
    no_show: 'no_show',
    excused: 'withdrawn',
  })
})

test.each<[string, Partial<OfferFactsNow>]>([
  ['open', {}],
  ['expired', { offer: 'expired' }],
  ['expired', { offer: 'superseded' }],
  ['filled', { offer: 'superseded', gap: 'filled' }],
  ['filled', { offer: 'expired', gap: 'filled' }],
  ['closed', { offer: 'superseded', gap: 'closed' }],
  ['closed', { endsAt: NOW, startsAt: at('04T02:00') }],
  ['declined', { offer: 'declined', gap: 'filled' }],
  ['yours', { offer: 'accepted', gap: 'filled', duty: 'confirmed' }],
  ['yoursForGood', { offer: 'accepted', gap: 'filled', duty: 'confirmed', startsAt: at('04T12:00') }],
  ['yoursForGood', { offer: 'accepted', gap: 'filled', duty: 'serving', startsAt: at('04T08:00') }],
  ['given-back', { offer: 'accepted', gap: 'filled', duty: 'withdrawn' }],
  ['given-back', { offer: 'accepted', gap: 'filled', duty: null }],
])('an offer stands as %s: %j', (standing, changes) => {
  const offer: OfferFactsNow = { ...far, offer: 'open', gap: 'open', duty: null, ...changes }
  expect(standingOf(offer, policy, NOW)).toBe(standing)
})
