/** For every rule a small roster that breaks it once: what the table of rules shows as its sentence. */
import type { Problem } from '../../../../src/solver/index.ts'
import type { RuleName } from '../../../../src/solver/rules/params.ts'
import { at, MONDAY, person, problem, rule, shift, slot } from '../build.ts'

export interface Example {
  problem: Problem
  /** As `roster` reads it. */
  roster: string
}

const Amy = (more: object = {}) => person('amy', { name: 'Amy', ...more })
const two = (more: object = {}) => [Amy(more), person('bo', { name: 'Bo' })]

const needs = (name: RuleName, amy: object, requirement: object): Example => ({
  problem: problem({
    shifts: [shift('gate', { day: 0 })],
    slots: [slot('gate', { requirement })],
    people: [Amy(amy)],
    rules: [rule(name, {} as never)],
  }),
  roster: 'amy gate',
})

const serves = (name: RuleName, params: object, days: Parameters<typeof shift>[1][], more: object[] = []): Example => ({
  problem: problem({
    shifts: days.map((when, i) => shift(`gate ${i + 1}`.replace(' ', '-'), when, more[i])),
    people: two(),
    rules: [rule(name, params as never)],
  }),
  roster: `amy ${days.map((_, i) => `gate-${i + 1}`).join(' ')}`,
})

const span = (kind: 'available' | 'unavailable' | 'preferred' | 'undesired', start: number, end: number) => ({
  availability: [{ kind, start, end }],
})

/** One shift with three seats. */
const crowd = (name: RuleName, params: object, held: string, more: Partial<Problem> = {}): Example => ({
  problem: problem({
    shifts: [shift('gate', { day: 0 })],
    slots: [slot('gate'), slot('gate/2'), slot('gate/3')],
    people: ['amy', 'bo', 'cy'].map((id) => person(id, { name: id === 'amy' ? 'Amy' : id === 'bo' ? 'Bo' : 'Cy' })),
    rules: [rule(name, params as never)],
    ...more,
  }),
  roster: held,
})

const published = [{ personId: 'amy', slotId: 'gate-1', confirmed: true }]
const calm = (name: RuleName, params: object, more: Partial<Problem>): Example => ({
  problem: { ...serves(name, params, [{ day: 0 }]).problem, ...more },
  roster: 'bo gate-1',
})

const far = { location: { latitude: 30, longitude: 120 } }

export const EXAMPLES: Record<RuleName, Example> = {
  qualification: needs('qualification', {}, { qualifications: ['nurse'] }),
  clearance: needs('clearance', {}, { clearances: ['insured'] }),
  language: needs('language', { languages: ['zh'] }, { languages: ['bo'] }),
  grade: needs('grade', { grade: 'clerk' }, { grades: ['chief'] }),
  'person-class': needs('person-class', { personClass: 'volunteer' }, { personClasses: ['police'] }),
  unit: needs('unit', { unitPath: 'city/west' }, { units: ['city/east'] }),
  'echelon-on-turn': needs('echelon-on-turn', { groups: [{ id: 'second' }] }, { groups: ['first'] }),
  'no-overlap': serves('no-overlap', {}, [{ day: 0, from: 0, hours: 9 }, { day: 0 }]),
  'minimum-rest': serves('minimum-rest', { minutes: 720 }, [{ day: 0 }, { day: 0, from: 20 }]),
  'load-limit': serves(
    'load-limit',
    { measure: 'nights', window: { per: 'week' }, max: 1 },
    [
      { day: 0, from: 20, hours: 12 },
      { day: 2, from: 20, hours: 12 },
    ],
    [{ nightMinutes: 420 }, { nightMinutes: 420 }],
  ),
  'consecutive-days': serves('consecutive-days', { max: 2 }, [{ day: 1 }, { day: 2 }, { day: 3 }]),
  'consecutive-days-off': serves('consecutive-days-off', { min: 2 }, [{ day: 1 }, { day: 3 }]),
  'consecutive-weekends': serves('consecutive-weekends', { max: 1 }, [{ day: 5 }, { day: 12 }]),
  'rest-in-window': serves('rest-in-window', { days: 7, minutes: 8 * 1440 }, [{ day: 3 }]),
  succession: serves(
    'succession',
    { first: { templateIds: ['night'] }, mode: 'forbidden', next: { templateIds: ['early'] } },
    [{ day: 0 }, { day: 1 }],
    [{ templateId: 'night' }, { templateId: 'early' }],
  ),
  pattern: serves('pattern', { days: ['off', 'on', 'off'] }, [{ day: 2 }]),
  'complete-weekend': serves('complete-weekend', {}, [{ day: 6 }]),
  'identical-weekend': serves(
    'identical-weekend',
    {},
    [{ day: 5 }, { day: 6 }],
    [{ templateId: 'day' }, { templateId: 'night' }],
  ),
  'distinct-limit': serves(
    'distinct-limit',
    { of: 'post', max: 1, window: { per: 'week' } },
    [{ day: 0 }, { day: 1 }],
    [{ postId: 'north' }, { postId: 'south' }],
  ),
  absence: needs('absence', { absences: [{ start: at(0, 12), end: at(1), reason: 'ill' }] }, {}),
  unavailable: needs('unavailable', span('unavailable', at(0), at(0, 10)), {}),
  availability: needs('availability', span('available', at(0, 8), at(0, 12)), {}),
  preferred: needs('preferred', span('preferred', at(0, 12), at(1)), {}),
  undesired: needs('undesired', span('undesired', at(0), at(0, 10)), {}),
  excluded: {
    ...needs('excluded', {}, {}),
    problem: {
      ...needs('excluded', {}, {}).problem,
      exclusions: [{ personId: 'amy', slotId: 'gate', reason: 'declined' }],
    },
  },
  request: serves('request', { personId: 'amy', kind: 'off', day: MONDAY }, [{ day: 0 }]),
  pairing: crowd('pairing', { personIds: ['amy', 'bo'], mode: 'apart' }, 'amy gate, bo gate/2'),
  cover: crowd('cover', {}, 'amy gate', {
    slots: [slot('gate', { need: 'optional', seats: 3, cover: { required: 2, under: 100, over: 1 } })],
  }),
  mix: crowd('mix', { people: { grades: ['chief'] }, min: 1 }, 'amy gate, bo gate/2, cy gate/3'),
  'mix-distinct': crowd('mix-distinct', { of: 'grade' }, 'amy gate, bo gate/2', {
    people: [Amy({ grade: 'chief' }), person('bo', { name: 'Bo', grade: 'chief' })],
  }),
  'crew-whole': crowd('crew-whole', {}, 'amy gate, bo gate/2', {
    crews: [{ id: 'red', personIds: ['amy', 'bo', 'cy'] }],
  }),
  'linked-slots': {
    problem: {
      ...serves('linked-slots', {}, [{ day: 0 }, { day: 1 }]).problem,
      links: [{ id: 'liaison', slotIds: ['gate-1', 'gate-2'] }],
    },
    roster: 'amy gate-1, bo gate-2',
  },
  distance: {
    problem: problem({
      shifts: [shift('gate', { day: 0 }, far)],
      people: [Amy({ home: { latitude: 30.1, longitude: 120 } })],
      rules: [rule('distance', { maxKilometres: 10 })],
    }),
    roster: 'amy gate',
  },
  'tier-order': needs('tier-order', { groups: [{ id: 'second', tier: 1 }] }, {}),
  'fair-share': {
    problem: {
      ...serves('fair-share', { measure: 'minutes', within: 'all' }, [
        { day: 0, hours: 10 },
        { day: 2, hours: 10 },
      ]).problem,
    },
    roster: 'amy gate-1 gate-2',
  },
  'least-change': calm('least-change', {}, { published }),
  pinned: calm('pinned', {}, { pins: [{ personId: 'amy', slotId: 'gate-1' }] }),
  'not-before': calm('not-before', { instant: at(1) }, {}),
}
