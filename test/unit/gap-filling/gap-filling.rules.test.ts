import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLapsing, levelAfter } from '../../../src/modules/gap-filling/escalations.rules.ts'
import {
  byTurn,
  type CascadeFacts,
  gapCauseOf,
  type LiveOffer,
  MOST_A_STEP,
  nextCascadeStep,
  type Standing,
  standingRules,
  type Tier,
} from '../../../src/modules/gap-filling/gap-filling.rules.ts'
import { answersTo, type OfferFactsNow, standingOf } from '../../../src/modules/gap-filling/standings.rules.ts'
import {
  expectedAcceptance,
  heldUntil,
  type SearchPolicy,
  type Seat,
  searchPolicy,
  nextWave as waveOf,
} from '../../../src/modules/gap-filling/waves.rules.ts'
import { DEFAULT_POLICY } from '../../../src/modules/organisation/organisation.rules.ts'
import { ASSIGNMENT_STATES } from '../../../src/modules/rosters/rosters.states.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)
const NOW = at('04T10:00')
const policy = searchPolicy(DEFAULT_POLICY, {})
const collecting = searchPolicy(DEFAULT_POLICY, { mode: 'collect' })
const nextWave = (seat: Seat, asked: SearchPolicy, now: Date) => waveOf(seat, asked, 1 / asked.waveSize, now)
const far = { startsAt: at('06T08:00'), endsAt: at('07T08:00') }
const near = { startsAt: at('04T11:00'), endsAt: at('04T19:00') }

const tier = (echelonId: string, changes: Partial<Tier> = {}): Tier => ({
  echelonId,
  unitId: null,
  widened: false,
  members: 10,
  asked: 0,
  askable: [],
  passedOver: {},
  ...changes,
})
const people = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
let offers = 0
const offer = (changes: Partial<LiveOffer> = {}): LiveOffer => ({
  id: `offer ${++offers}`,
  echelonId: 'one',
  unitId: null,
  rank: offers,
  willing: false,
  expiresAt: at('04T10:30'),
  ...changes,
})
const facts = (changes: Partial<CascadeFacts>): CascadeFacts => ({
  seat: far,
  wanted: true,
  paused: false,
  policy,
  acceptance: 1 / (changes.policy ?? policy).waveSize,
  sharers: 0,
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
    ['all at once below the floor', near, NOW, { broadcast: true, size: 30, expiresAt: at('04T10:15') }],
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
    const live = [offer(), offer()]
    expect(asked(nextCascadeStep(facts({ live, tiers: [tier('one', { askable: people('a', 5) })] }), NOW))).toEqual([
      'a1',
    ])
  })

  test('waits while a whole wave is being asked', () => {
    const live = people('x', 3).map(() => offer())
    const step = nextCascadeStep(facts({ live, tiers: [tier('one', { askable: ['a'] })] }), NOW)
    expect(step).toEqual({ kind: 'wait', spent: [] })
  })

  test('does not call the next echelon while an offer of this one is live', () => {
    const live = [offer()]
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
    const live = [offer()]
    const tiers = [tier('one', { askable: people('a', 2) }), tier('two'), tier('three', { askable: people('c', 900) })]
    const unlimited = { ...policy, broadcastMost: null }
    const step = nextCascadeStep(facts({ seat: near, policy: unlimited, live, tiers }), NOW)
    expect(asked(nextCascadeStep(facts({ seat: near, live, tiers }), NOW))).toHaveLength(30 - live.length)
    expect(asked(step)).toHaveLength(MOST_A_STEP)
    expect(step).toMatchObject({ more: true })
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
          const live = people('x', Math.min(liveCount, waveSize)).map(() => offer({ echelonId: 't0' }))
          const seat = urgent ? near : far
          const step = nextCascadeStep(facts({ seat, live, tiers, policy: { ...policy, waveSize } }), NOW)
          const wave = nextWave(seat, { ...policy, waveSize }, NOW)
          if (step.kind === 'ask') {
            const ids = step.people.map((one) => one.volunteerId)
            expect(ids.length).toBeGreaterThan(0)
            expect(ids.length + live.length).toBeLessThanOrEqual(wave.size ?? Number.POSITIVE_INFINITY)
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

test('who has offered to come goes first, then who carries less, was asked less, has rested longer, lives nearer', () => {
  const one = (volunteerId: string, loadMinutes: number, offers = 0, last: string | null = null): Standing => ({
    volunteerId,
    wouldCome: false,
    loadMinutes,
    offers,
    lastEndedAt: last ? at(last) : null,
    distance: 0,
  })
  const order = [
    { ...one('ready', 900), wouldCome: true },
    one('never', 0),
    { ...one('far', 0), distance: 2 },
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
  ['willing', { willing: true }],
  ['expired', { offer: 'expired' }],
  ['expired', { offer: 'superseded' }],
  ['wouldCome', { offer: 'expired', willing: true }],
  ['wouldCome', { offer: 'superseded', gap: 'filled', willing: true }],
  ['filled', { offer: 'superseded', gap: 'filled' }],
  ['filled', { offer: 'expired', gap: 'filled' }],
  ['closed', { offer: 'superseded', gap: 'closed' }],
  ['closed', { offer: 'superseded', gap: 'closed', willing: true }],
  ['closed', { endsAt: NOW, startsAt: at('04T02:00') }],
  ['declined', { offer: 'declined', gap: 'filled' }],
  ['yours', { offer: 'accepted', gap: 'filled', duty: 'confirmed' }],
  ['yoursForGood', { offer: 'accepted', gap: 'filled', duty: 'confirmed', startsAt: at('04T12:00') }],
  ['yoursForGood', { offer: 'accepted', gap: 'filled', duty: 'serving', startsAt: at('04T08:00') }],
  ['given-back', { offer: 'accepted', gap: 'filled', duty: 'withdrawn' }],
  ['given-back', { offer: 'accepted', gap: 'filled', duty: null }],
])('an offer stands as %s: %j', (standing, changes) => {
  const asked: OfferFactsNow = { ...far, offer: 'open', willing: false, gap: 'open', duty: null, ...changes }
  expect(standingOf(asked, DEFAULT_POLICY, NOW)).toBe(standing)
})

test('only what is still of use can be answered', () => {
  expect(answersTo('open')).toEqual(['accept', 'decline'])
  expect(answersTo('willing')).toEqual(['decline'])
  expect(answersTo('filled')).toEqual(['would-come'])
  expect(answersTo('closed')).toEqual([])
})

describe('expected acceptance', () => {
  test('is what the policy supposes as long as nothing is known, and moves with the answers', () => {
    expect(expectedAcceptance({ accepted: 0, asked: 0 }, { waveSize: 3 })).toBeCloseTo(1 / 3)
    expect(expectedAcceptance({ accepted: 0, asked: 300 }, { waveSize: 3 })).toBeCloseTo(10 / 330)
    expect(expectedAcceptance({ accepted: 300, asked: 300 }, { waveSize: 1 })).toBe(1)
  })

  test.each([
    [1 / 3, {}, 3],
    [0.9, {}, 1],
    [0.1, {}, 10],
    [0.001, {}, 20],
    [0.1, { waveSize: 4 }, 4],
  ])('of %d makes a wave with %j of %d', (acceptance, wish, size) => {
    expect(waveOf(far, searchPolicy(DEFAULT_POLICY, wish), acceptance, NOW).size).toBe(size)
  })
})

describe('quiet hours', () => {
  const quietEnd = at('04T23:00')

  test('hold the search as long as there is time, and no longer', () => {
    expect(heldUntil(far, policy, quietEnd, NOW)).toEqual(quietEnd)
    const soon = { ...far, startsAt: at('05T03:00') }
    expect(heldUntil(soon, policy, quietEnd, NOW)).toEqual(new Date(at('04T15:00').getTime() + 1))
    expect(heldUntil(soon, policy, quietEnd, new Date(at('04T15:00').getTime() + 1))).toBeUndefined()
    expect(heldUntil(near, policy, quietEnd, NOW)).toBeUndefined()
    expect(heldUntil(far, { ...policy, urgent: true }, quietEnd, NOW)).toBeUndefined()
    const step = nextCascadeStep(facts({ quietEnd, tiers: [tier('one', { askable: ['a'] })] }), NOW)
    expect(step).toEqual({ kind: 'wait', until: quietEnd, spent: [] })
  })
})

describe('collecting answers', () => {
  const tiers = [tier('one', { askable: people('a', 40) }), tier('two', { askable: people('b', 4) })]

  test('asks a whole echelon, for as long as the policy gives', () => {
    const step = nextCascadeStep(facts({ policy: collecting, tiers }), NOW)
    expect(asked(step)).toHaveLength(40)
    expect(step).toMatchObject({ expiresAt: at('04T11:00') })
  })

  test('waits for those who have not answered, then awards by rank', () => {
    const live = [offer({ willing: true, rank: 7 }), offer({ willing: true, rank: 2 }), offer({ rank: 1 })]
    expect(nextCascadeStep(facts({ policy: collecting, live, tiers: [] }), NOW)).toMatchObject({ kind: 'wait' })
    const willing = live.slice(0, 2)
    expect(nextCascadeStep(facts({ policy: collecting, live: willing, tiers }), NOW)).toEqual({
      kind: 'award',
      offerIds: [live[1]!.id, live[0]!.id],
    })
  })

  test('gives nobody new less time than the others had', () => {
    const live = [offer({ expiresAt: at('04T10:20') })]
    expect(nextCascadeStep(facts({ policy: collecting, live, tiers }), NOW)).toEqual({ kind: 'wait', spent: [] })
    const begun = [offer({ expiresAt: new Date(at('04T11:00').getTime() - 500) })]
    const step = nextCascadeStep(facts({ policy: collecting, live: begun, tiers }), NOW)
    expect(step).toMatchObject({ kind: 'ask', expiresAt: begun[0]!.expiresAt })
  })

  test('ends at once when little time is left or the first is to have it', () => {
    const live = [offer({ willing: true }), offer()]
    const award = { kind: 'award', offerIds: [live[0]!.id] }
    expect(nextCascadeStep(facts({ policy: collecting, seat: near, live }), NOW)).toEqual(award)
    expect(nextCascadeStep(facts({ live }), NOW)).toEqual(award)
  })
})

test('a paused search asks nobody', () => {
  const tiers = [tier('one', { askable: ['a'] })]
  expect(nextCascadeStep(facts({ paused: true, tiers }), NOW)).toEqual({ kind: 'wait', spent: [] })
})

test('searches for like seats share those there are', () => {
  const tiers = [tier('one', { askable: people('a', 10) })]
  expect(asked(nextCascadeStep(facts({ seat: near, sharers: 3, tiers }), NOW))).toHaveLength(3)
  expect(asked(nextCascadeStep(facts({ seat: near, tiers }), NOW))).toHaveLength(10)
})

test('widening sets aside to whom the seat is normally given, and nothing else', () => {
  const rules = ['echelon-on-turn', 'unit', 'qualification']
  expect(standingRules(rules, { widened: true })).toEqual(['qualification'])
  expect(standingRules(rules, { widened: false })).toEqual(rules)
})

test('the chain is climbed from below, level by level', () => {
  const chain = ['household', 'group', 'village']
  expect(levelAfter(chain, undefined)).toBe('household')
  expect(levelAfter(chain, 'household')).toBe('group')
  expect(levelAfter(chain, 'village')).toBeUndefined()
  expect(levelAfter(chain, 'elsewhere')).toBeUndefined()
})

test('lapses count only where the policy says how many', () => {
  expect([isLapsing(2, { escalateAfterLapses: 3 }), isLapsing(3, { escalateAfterLapses: 3 })]).toEqual([false, true])
  expect(isLapsing(99, { escalateAfterLapses: null })).toBe(false)
})
