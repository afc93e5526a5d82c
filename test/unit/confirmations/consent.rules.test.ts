import { describe, expect, test } from 'vitest'
import { MESSAGES } from '../../../src/modules/confirmations/confirmations.message-texts.ts'
import type { DutyRow } from '../../../src/modules/confirmations/confirmations.repository.ts'
import {
  consentMode,
  coveredBy,
  hasChanged,
  markOf,
  toldOf,
} from '../../../src/modules/confirmations/confirmations.rules.ts'
import { CONSENT_MODES } from '../../../src/modules/organisation/organisation.types.ts'
import { PERSON_CLASSES } from '../../../src/modules/volunteers/volunteers.tables.ts'
import { dueBriefly, dutyBriefly } from '../../../src/time/words.ts'

test('volunteers are asked explicitly whatever a policy says, the others as it says', () => {
  for (const mode of CONSENT_MODES) {
    for (const personClass of PERSON_CLASSES) {
      const confirmation = Object.fromEntries(PERSON_CLASSES.map((one) => [one, mode]))
      expect(consentMode(personClass, { confirmation })).toBe(personClass === 'volunteer' ? 'explicit' : mode)
    }
  }
  expect(consentMode('staff', { confirmation: {} })).toBe('explicit')
})

describe('a standing consent', () => {
  const place = { postId: 'p', postUnitPath: '/a/b/', localDay: '2026-05-06' }
  const consent = { id: 'c', postId: null, unitPath: null, fromOn: '2026-05-06', toOn: '2026-05-07' }

  test.each([
    ['its post', { postId: 'p' }, true],
    ['another post', { postId: 'q' }, false],
    ['posts of its unit', { unitPath: '/a/b/' }, true],
    ['posts below its unit', { unitPath: '/a/' }, true],
    ['posts of a unit below', { unitPath: '/a/b/c/' }, false],
    ['a day before', { postId: 'p', fromOn: '2026-05-07', toOn: '2026-05-09' }, false],
    ['the first day that is not in it', { postId: 'p', fromOn: '2026-05-01', toOn: '2026-05-06' }, false],
  ])('%s', (_name, changes, covers) => {
    expect(coveredBy([{ ...consent, ...changes }], place)?.id).toBe(covers ? 'c' : undefined)
  })
})

describe('a duty that changed', () => {
  const duty = {
    startLocal: '2026-05-06T08:00',
    endLocal: '2026-05-07T08:00',
    zone: 'Asia/Shanghai',
    postName: 'Gate',
    postAddress: null,
    role: 'guard',
  }

  test.each(['startLocal', 'endLocal', 'zone', 'postName', 'postAddress', 'role'] as const)('in %s', (name) => {
    const now = { ...duty, [name]: 'other' }
    expect(hasChanged(duty, now)).toBe(true)
    expect(markOf(now)).not.toBe(markOf(duty))
  })

  test('is the same without what its holder is not told, and unknown when nothing was told', () => {
    expect(hasChanged(toldOf(duty), { ...duty, version: 2 } as typeof duty)).toBe(false)
    expect(hasChanged(null, duty)).toBe(false)
    expect(markOf(duty, duty)).not.toBe(markOf(duty))
  })
})

test('the Chinese text message stays within one segment at its longest', () => {
  const duty = {
    startsAt: new Date('2026-12-25T12:30:00Z'),
    endsAt: new Date('2026-12-26T12:00:00Z'),
    zone: 'Asia/Shanghai',
    postName: '城东高速公路出口查验卡点一号',
  } as DutyRow
  const values: Record<string, string> = {
    first: dutyBriefly(duty, 'zh'),
    more: '',
    due: dueBriefly(new Date('2026-12-24T10:30:00Z'), duty.startsAt, duty.zone, 'zh'),
    address: 'v.example.cn',
    code: 'K7QM2X9D',
  }
  const text = MESSAGES.zh.request.short.replace(/\{(\w+)\}/g, (_all, name: string) => values[name]!)
  expect(values.first).toBe('12月25日20:30起23.5小时城东高速公路出口值班')
  expect(`【某区志愿】${text}`.length).toBeLessThanOrEqual(70)
})
