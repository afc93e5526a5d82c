import { describe, expect, test } from 'vitest'
import {
  type ImportContext,
  mergeContacts,
  readPerson,
} from '../../../src/modules/volunteers/volunteers-import.rules.ts'

const context: ImportContext = {
  unitIds: new Map([['V1', 'village']]),
  qualificationIds: new Map([
    ['a', 'id-a'],
    ['b', 'id-b'],
  ]),
  today: '2026-05-04',
}
const read = (values: Record<string, string>) =>
  readPerson(7, { personNumber: '1', displayName: 'Ann', ...values }, context)
const codes = (values: Record<string, string>) => read(values).faults.map((fault) => [fault.column, fault.code])

describe('a row', () => {
  test('says nothing where its cells are empty', () => {
    expect(read({ grade: ' ', phone: '' })).toEqual({
      person: { row: 7, personNumber: '1', displayName: 'Ann' },
      faults: [],
    })
  })

  test('gives qualifications with and without dates', () => {
    expect(read({ qualifications: 'a; b@2026-01-01.. ；' }).person.holdings).toEqual([
      { qualificationId: 'id-a', validFrom: null, validTo: null },
      { qualificationId: 'id-b', validFrom: '2026-01-01', validTo: null },
    ])
    expect(read({ qualifications: 'a@..2027-01-01' }).person.holdings).toMatchObject([{ validTo: '2027-01-01' }])
    expect(codes({ qualifications: 'a;a' })).toEqual([['qualifications', 'qualification-twice']])
    expect(codes({ qualifications: 'a@1@2' })).toEqual([['qualifications', 'qualification-wrong']])
    expect(codes({ qualifications: 'a@2026-01-01..x..y' })).toEqual([['qualifications', 'qualification-wrong']])
    expect(codes({ qualifications: 'a@2026-13-01' })).toEqual([['qualifications', 'date-wrong']])
  })

  test('reads dates as people write them', () => {
    for (const birthOn of ['1990-02-09', '1990/2/9', '1990.2.9', '1990年2月9日']) {
      expect(read({ birthOn }).person.birthOn).toBe('1990-02-09')
    }
    for (const birthOn of ['09/02/1990', '1990-02-30', '1990', '33000']) {
      expect(codes({ birthOn })).toEqual([['birthOn', 'date-wrong']])
    }
    expect(codes({ birthOn: '2026-05-05' })).toEqual([['birthOn', 'birth-in-future']])
  })

  test('knows classes in both languages, whatever the case', () => {
    expect(
      ['Staff', '民警', 'secondedCadre', '医务人员'].map((text) => read({ personClass: text }).person.personClass),
    ).toEqual(['staff', 'police', 'secondedCadre', 'medical'])
    expect(codes({ personClass: 'constructor' })).toEqual([['personClass', 'class-unknown']])
  })

  test('reads where somebody lives as latitude and longitude', () => {
    for (const home of ['30.5 120.25', '30.5, 120.25', '30.5;120.25', '30.5，120.25']) {
      expect(read({ home }).person.home).toEqual({ latitude: 30.5, longitude: 120.25 })
    }
    expect(read({ home: '-33.8 -70' }).person.home).toEqual({ latitude: -33.8, longitude: -70 })
    for (const home of ['120.25 30.5', '30.5', '30.5 120.25 1', '30.5,', 'Hangzhou', '30.5 181']) {
      expect(codes({ home })).toEqual([['home', 'home-wrong']])
    }
  })

  test('refuses addresses that could carry a second one', () => {
    expect(codes({ email: 'a@example.org\r\nBcc: b@example.org', phone: '138\n00' })).toEqual([
      ['phone', 'phone-wrong'],
      ['email', 'email-wrong'],
    ])
  })
})

describe('contacts', () => {
  const email = (address: string) => ({ channel: 'email' as const, address })
  const sms = (address: string) => ({ channel: 'sms' as const, address })

  test('new ones take the place of all of their channel, where the first was', () => {
    const before = [sms('1'), email('old'), sms('2')]
    expect(mergeContacts(before, { phone: '3' })).toEqual([sms('3'), email('old')])
    expect(mergeContacts(before, { email: 'new' })).toEqual([sms('1'), email('new'), sms('2')])
    expect(mergeContacts([sms('1')], { email: 'new' })).toEqual([sms('1'), email('new')])
    expect(mergeContacts(before, {})).toEqual(before)
  })

  test('one that is known already keeps being verified', () => {
    const verified = { ...email('same'), verifiedAt: new Date('2026-01-01T00:00:00Z') }
    expect(mergeContacts([email('other'), verified], { email: 'same' })).toEqual([verified])
  })
})
