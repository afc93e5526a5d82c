import { hoursText } from '../calendar.ts'
import type { Duty, Model } from '../model.ts'
import { countsMinutes, measureDuties, measureOne, pointsFor, wholeWindows, windowKey, windowReach } from './measure.ts'
import type { InstanceOf, PersonCheck, PersonRule, ReportPerson } from './rule.ts'
import { MEASURE_WORDS, windowText } from './words.ts'

type Params = InstanceOf<'load-limit'>['params']

const isDistinct = (params: Params) => params.measure === 'days' || params.measure === 'weekends'

/** Calls back for each calendar window with duties in it: its key and its stretch of the timeline. */
function eachWindow(
  duties: Duty[],
  key: (day: number) => number,
  visit: (key: number, from: number, to: number) => void,
) {
  let from = 0
  while (from < duties.length) {
    const k = key(duties[from]!.day)
    let to = from + 1
    while (to < duties.length && key(duties[to]!.day) === k) to++
    visit(k, from, to)
    from = to
  }
}

const hasPlan = (duties: Duty[], from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (duties[i]!.slot >= 0) return true
  return false
}

function calendarLimit(model: Model, params: Params): PersonCheck['visit'] {
  const { measure, max, min } = params
  const key = windowKey(params.window, model)
  const whole = wholeWindows(params.window, model)
  return (_person, duties, report) => {
    if (max !== undefined) {
      eachWindow(duties, key, (k, from, to) => {
        if (k === -1 && params.window.per === 'period') return
        const load = measureDuties(measure, duties, from, to)
        if (load > max && hasPlan(duties, from, to)) report(pointsFor(measure, load - max), load, max, from, to - 1)
      })
    }
    if (min !== undefined) {
      const loads = new Map<number, number>()
      eachWindow(duties, key, (k, from, to) => loads.set(k, measureDuties(measure, duties, from, to)))
      for (const k of whole) {
        const load = loads.get(k) ?? 0
        if (load < min) report(pointsFor(measure, min - load), load, min, -1, -1)
      }
    }
  }
}

/** Windows of so many days that begin on a day with a duty are enough for a maximum. */
function rollingMax(params: Params, days: number, max: number): PersonCheck['visit'] {
  const { measure } = params
  return (_person, duties, report) => {
    let to = 0
    let load = 0
    let planned = 0
    for (let from = 0; from < duties.length; from++) {
      const first = duties[from]!
      while (to < duties.length && duties[to]!.day < first.day + days) {
        load += measureOne(measure, duties[to]!)
        if (duties[to]!.slot >= 0) planned++
        to++
      }
      const fresh = from === 0 || duties[from - 1]!.day !== first.day
      if (fresh && planned > 0) {
        const seen = isDistinct(params) ? measureDuties(measure, duties, from, to) : load
        if (seen > max) report(pointsFor(measure, seen - max), seen, max, from, to - 1)
      }
      load -= measureOne(measure, first)
      if (first.slot >= 0) planned--
    }
  }
}

function rollingMin(model: Model, params: Params, days: number, min: number): PersonCheck['visit'] {
  const { fromDay, toDay } = model.problem.period
  return (_person, duties, report) => {
    for (let day = fromDay; day + days <= toDay; day++) {
      let from = 0
      while (from < duties.length && duties[from]!.day < day) from++
      let to = from
      while (to < duties.length && duties[to]!.day < day + days) to++
      const load = measureDuties(params.measure, duties, from, to)
      if (load < min) report(pointsFor(params.measure, min - load), load, min, -1, -1)
    }
  }
}

function rollingLimit(model: Model, params: Params, days: number): PersonCheck['visit'] {
  const checks: PersonCheck['visit'][] = []
  if (params.max !== undefined) checks.push(rollingMax(params, days, params.max))
  if (params.min !== undefined) checks.push(rollingMin(model, params, days, params.min))
  return (person: number, duties: Duty[], report: ReportPerson) => {
    for (const check of checks) check(person, duties, report)
  }
}

/** One point for each started hour or each unit beyond the limit, in every window. */
export const loadLimit: PersonRule<'load-limit'> = {
  name: 'load-limit',
  on: 'person',
  asks: {
    zh: '每日、每周、每月、滚动周期或整个排班期内的时长、班数、夜班、周末等不超上限、不低于下限',
    en: 'Hours, shifts, nights, weekends within their limits per day, week, month, rolling window or period',
  },
  overridable: true,
  level: 'wishes',
  reach: (params) => windowReach(params.window),
  compile: (model, { params }) => ({
    visit:
      params.window.per === 'rolling' ? rollingLimit(model, params, params.window.days) : calendarLimit(model, params),
  }),
  unit: ({ measure }) => (countsMinutes(measure) ? 'minutes' : measure === 'weekends' ? 'weekends' : 'shifts'),
  reason: ({ who, observed, limit }, { params }) => {
    const over = Number(observed) > Number(limit)
    const words = MEASURE_WORDS[params.measure]
    const isTime = countsMinutes(params.measure)
    const show = (value: number | string) => (isTime ? hoursText(Number(value)) : String(value))
    const window = windowText(params.window)
    return {
      zh: `${who} ${window.zh}${words.zh} ${show(observed)}，${over ? '上限' : '下限'} ${show(limit)}`,
      en: `${who} has ${show(observed)} ${isTime ? 'of ' : ''}${words.en} ${window.en}; ${over ? 'at most' : 'at least'} ${show(limit)}`,
    }
  },
}
