import fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { type Calendar, type CalendarEvent, writeIcs } from '../../../src/platform/files/ics.ts'

const event = (changes: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: 'duty-1@example.org',
  sequence: 0,
  changedAt: new Date('2026-04-20T02:03:04Z'),
  status: 'CONFIRMED',
  startAt: new Date('2026-05-04T00:00:00Z'),
  endAt: new Date('2026-05-05T00:00:00Z'),
  zone: 'Asia/Shanghai',
  summary: '城东卡点值班',
  busy: true,
  ...changes,
})

const calendar = (events: CalendarEvent[], changes: Partial<Calendar> = {}): Calendar => ({
  name: '值班',
  refreshMinutes: 60,
  events,
  ...changes,
})

const parse = (text: string) => new ICAL.Component(ICAL.parse(text))

/** As another program reads them, with nothing but the zones that the file itself brings. */
function read(text: string) {
  return parse(text)
    .getAllSubcomponents('vevent')
    .map((component) => {
      const found = new ICAL.Event(component)
      return { component, found, start: instantOf(found.startDate), end: instantOf(found.endDate) }
    })
}

const instantOf = (time: ICAL.Time) => new Date(time.toUnixTime() * 1000).toISOString()

test('all properties of an event arrive as they were given', () => {
  const text = writeIcs(
    calendar([
      event({
        sequence: 7,
        status: 'TENTATIVE',
        summary: '待确认；城东卡点, 值班 \\ "夜"',
        location: '城东路 1 号, 东门; 二楼',
        description: '第一行\r\n第二行\u0007\n🚧',
        url: 'https://v.example.cn/my?week=19',
        categories: ['值班', 'a,b'],
        private: true,
        alarmMinutes: 90,
      }),
    ]),
  )
  const [{ component, found }] = read(text) as [ReturnType<typeof read>[number]]
  const value = (name: string) => String(component.getFirstPropertyValue(name))
  expect({ ...found, uid: found.uid, sequence: found.sequence }).toMatchObject({
    uid: 'duty-1@example.org',
    sequence: 7,
  })
  expect(found.summary).toBe('待确认；城东卡点, 值班 \\ "夜"')
  expect(found.location).toBe('城东路 1 号, 东门; 二楼')
  expect(found.description).toBe('第一行\n第二行\n🚧')
  expect(['status', 'transp', 'class', 'url', 'dtstamp', 'last-modified'].map(value)).toEqual([
    'TENTATIVE',
    'OPAQUE',
    'PRIVATE',
    'https://v.example.cn/my?week=19',
    '2026-04-20T02:03:04Z',
    '2026-04-20T02:03:04Z',
  ])
  expect(component.getFirstProperty('categories')!.getValues()).toEqual(['值班', 'a,b'])
  const alarm = component.getFirstSubcomponent('valarm')!
  expect(String(alarm.getFirstPropertyValue('trigger'))).toBe('-PT90M')
  expect(alarm.getFirstPropertyValue('action')).toBe('DISPLAY')
})

test('what is not given is not there', () => {
  const [{ component }] = read(writeIcs(calendar([event({ busy: false, status: 'CANCELLED' })]))) as [
    ReturnType<typeof read>[number],
  ]
  expect(component.getAllProperties().map((property) => property.name)).toEqual(
    'uid sequence dtstamp last-modified status dtstart dtend summary transp'.split(' '),
  )
  expect(component.getAllSubcomponents()).toEqual([])
  expect(component.getFirstPropertyValue('transp')).toBe('TRANSPARENT')
  expect(component.getFirstPropertyValue('status')).toBe('CANCELLED')
})

test('the calendar says its name and how often to ask', () => {
  const root = parse(writeIcs(calendar([], { name: '王明 的值班', description: 'Duties', refreshMinutes: 90 })))
  const value = (name: string) => String(root.getFirstPropertyValue(name))
  expect(['version', 'name', 'x-wr-calname', 'description', 'refresh-interval'].map(value)).toEqual([
    '2.0',
    '王明 的值班',
    '王明 的值班',
    'Duties',
    'PT90M',
  ])
  expect(root.getFirstProperty('x-published-ttl')!.getFirstValue()).toBe('PT90M')
})

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
]

test.each(ZONES)('%s: instants are the same to another program, whenever they are', (zone) => {
  const minute = fc.integer({ min: Date.UTC(2008, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 })
  const duty = fc.tuple(fc.integer({ min: 0, max: 400 * 1440 }), fc.integer({ min: 1, max: 3 * 1440 }))
  fc.assert(
    fc.property(minute, fc.array(duty, { minLength: 1, maxLength: 8 }), (first, duties) => {
      const events = duties.map(([later, length], index) =>
        event({
          uid: `${index}`,
          zone,
          startAt: new Date((first + later) * 60_000),
          endAt: new Date((first + later + length) * 60_000),
        }),
      )
      const found = read(writeIcs(calendar(events)))
      expect(found.map(({ start, end }) => [start, end])).toEqual(
        events.map(({ startAt, endAt }) => [startAt.toISOString(), endAt.toISOString()]),
      )
    }),
    { numRuns: 25 },
  )
})

test.each([
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-04-04T15:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
])('%s: every quarter of an hour around both changes of the clocks', (zone, forward, back) => {
  for (const change of [forward, back]) {
    const quarters = Array.from({ length: 33 }, (_, index) => Date.parse(change) + (index - 16) * 900_000)
    const events = quarters.map((start, index) =>
      event({ uid: `${index}`, zone, startAt: new Date(start), endAt: new Date(start + 900_000) }),
    )
    const found = read(writeIcs(calendar(events)))
    expect(found.map(({ start }) => start)).toEqual(quarters.map((start) => new Date(start).toISOString()))
    expect(found.map(({ end }) => end)).toEqual(quarters.map((start) => new Date(start + 900_000).toISOString()))
  }
})

test('times carry their zone; only those in the hour that comes twice are in UTC', () => {
  const quarters = ['00:30', '01:30', '02:00'].map((time) => new Date(`2026-10-25T${time}:00Z`))
  const events = quarters.map((startAt) =>
    event({ zone: 'Europe/Berlin', startAt, endAt: new Date('2026-10-25T09:00:00Z') }),
  )
  expect(writeIcs(calendar(events)).match(/^DT(START|END)(;TZID|:\d{8}T\d{6}Z).*(?=\r)/gm)).toEqual([
    'DTSTART:20261025T003000Z',
    'DTEND;TZID=Europe/Berlin:20261025T100000',
    'DTSTART:20261025T013000Z',
    'DTEND;TZID=Europe/Berlin:20261025T100000',
    'DTSTART;TZID=Europe/Berlin:20261025T030000',
    'DTEND;TZID=Europe/Berlin:20261025T100000',
  ])
})

test('each zone is told once, with the changes that matter, summer time named as such', () => {
  const text = writeIcs(
    calendar([
      event({ zone: 'Europe/Berlin' }),
      event({ uid: '2' }),
      event({
        uid: '3',
        zone: 'Europe/Berlin',
        startAt: new Date('2026-12-01T00:00:00Z'),
        endAt: new Date('2026-12-02T00:00:00Z'),
      }),
    ]),
  )
  const zones = parse(text).getAllSubcomponents('vtimezone')
  expect(zones.map((zone) => zone.getFirstPropertyValue('tzid'))).toEqual(['Europe/Berlin', 'Asia/Shanghai'])
  const observances = zones.map((zone) =>
    zone.getAllSubcomponents().map((observance) => {
      const [start, from, to] = ['dtstart', 'tzoffsetfrom', 'tzoffsetto'].map((name) =>
        String(observance.getFirstPropertyValue(name)),
      )
      return `${observance.name} ${start} ${from} ${to}`
    }),
  )
  expect(observances).toEqual([
    [
      'standard 1970-01-01T00:00:00 +01:00 +01:00',
      'daylight 2025-03-30T02:00:00 +01:00 +02:00',
      'standard 2025-10-26T03:00:00 +02:00 +01:00',
      'daylight 2026-03-29T02:00:00 +01:00 +02:00',
      'standard 2026-10-25T03:00:00 +02:00 +01:00',
    ],
    ['standard 1970-01-01T00:00:00 +08:00 +08:00'],
  ])
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('值', '班', '🚧', 'é', 'a', ' ', '\\', ';', ',', '\n', ':', '"'), maxLength: 300 }),
)

test('any text is folded to 75 octets between characters, and is the same text when unfolded', () => {
  fc.assert(
    fc.property(anyText, anyText, (summary, description) => {
      const file = Buffer.from(writeIcs(calendar([event({ summary, description })])))
      const lines = file.toString('latin1').split('\r\n')
      expect(lines.pop()).toBe('')
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(75)
        expect(line).not.toMatch(/[\r\n]/)
        const octets = Buffer.from(line, 'latin1')
        expect(Buffer.from(octets.toString('utf8')).equals(octets)).toBe(true)
      }
      const [{ found }] = read(file.toString()) as [ReturnType<typeof read>[number]]
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a calendar cannot carry
      const kept = (text: string) => text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
      expect(found.summary ?? '').toBe(kept(summary))
      expect(found.description ?? '').toBe(kept(description))
    }),
  )
})

test('folded lines are as long as they may be', () => {
  const text = writeIcs(calendar([event({ summary: 'x'.repeat(200) })]))
  const start = text.indexOf('SUMMARY')
  expect(
    text
      .slice(start, text.indexOf('TRANSP'))
      .split('\r\n')
      .map((line) => line.length),
  ).toEqual([75, 75, 60, 0])
})

test('the same calendar gives the same text', () => {
  expect(writeIcs(calendar([event()]))).toBe(writeIcs(calendar([event()])))
})

test('no address, zone or length that cannot be slips in', () => {
  const write = (changes: Partial<CalendarEvent>) => () => writeIcs(calendar([event(changes)]))
  expect(write({ url: 'https://x.org/\r\nATTENDEE:mailto:evil@x.org' })).toThrow(RangeError)
  expect(write({ zone: 'Mars/Olympus' })).toThrow(RangeError)
  expect(write({ zone: 'Asia/Shanghai\r\nX:1' })).toThrow(RangeError)
  expect(write({ endAt: new Date('2026-05-04T00:00:00Z') })).toThrow(RangeError)
})

test('a feed of a year is quickly written', () => {
  const events = Array.from({ length: 500 }, (_, index) => {
    const startAt = new Date(Date.UTC(2026, 0, 1) + index * 17 * 3_600_000)
    return event({
      uid: `${index}`,
      zone: 'Europe/Berlin',
      startAt,
      endAt: new Date(startAt.getTime() + 8 * 3_600_000),
    })
  })
  const began = performance.now()
  const text = writeIcs(calendar(events))
  const took = performance.now() - began
  console.log(`ics: 500 events, ${text.length} characters, ${took.toFixed(0)} ms`)
  expect(read(text)).toHaveLength(500)
})
