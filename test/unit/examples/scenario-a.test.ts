import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../../examples/scenario-a/csv.ts'
import { AGE_BANDS } from '../../../examples/scenario-a/figures.ts'
import { makeScenarioA, type ScenarioA } from '../../../examples/scenario-a/scenario.ts'
import { ageOn } from '../../../src/time/age.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

const ON = '2026-11-20'
const scenario = makeScenarioA(1, ON)
const everybody = ({ people }: ScenarioA) => Object.values(people).flat()
const count = <T>(list: T[], of: (one: T) => boolean) => list.filter(of).length

describe('scenario A has the figures of its source', () => {
  it('one city command and 92 units below it, each with people who answer for it', () => {
    const { units } = scenario
    expect(units.filter((unit) => unit.parentCode === null)).toHaveLength(1)
    expect(units.filter((unit) => unit.parentCode !== null)).toHaveLength(92)
    expect(new Set(units.map((unit) => unit.code)).size).toBe(93)
    expect(new Set(units.map((unit) => `${unit.parentCode}/${unit.name}`)).size).toBe(93)
    expect(units.every((unit) => unit.responsibles.length === 3)).toBe(true)
  })

  it('parents come before their children', () => {
    const seen = new Set<string>()
    for (const unit of scenario.units) {
      if (unit.parentCode !== null) expect(seen).toContain(unit.parentCode)
      seen.add(unit.code)
    }
  })

  it('149 cadres: 15 chiefs, 26 deputies, 108 staff', () => {
    const { cadres } = scenario.people
    expect(cadres).toHaveLength(149)
    const byGrade = Object.groupBy(cadres, (one) => one.grade)
    expect([byGrade.chief?.length, byGrade.deputy?.length, byGrade.staff?.length]).toEqual([15, 26, 108])
    expect(cadres.every((one) => one.personClass === 'secondedCadre')).toBe(true)
  })

  it('72 medical people in three echelons and 7 more for the hotline, all qualified', () => {
    const { medical, hotline } = scenario.people
    expect(medical).toHaveLength(72)
    expect(hotline).toHaveLength(7)
    expect([...medical, ...hotline].every((one) => one.qualifications.includes('medical'))).toBe(true)
    expect(scenario.sets.find((set) => set.key === 'medical')?.echelons).toHaveLength(3)
  })

  it('3,091 reserve people from all 92 units', () => {
    const { reserve } = scenario.people
    expect(reserve).toHaveLength(3091)
    expect(new Set(reserve.map((one) => one.unitCode)).size).toBe(92)
    expect(count(reserve, (one) => one.grade === 'chief')).toBe(93)
    expect(count(reserve, (one) => one.grade === 'deputy')).toBe(186)
    expect(count(reserve, (one) => one.qualifications.includes('medical'))).toBe(120)
  })

  it('11 checkpoints with one lead and four staff for 24 hours from 08:00, and three hotline watches of 8 hours', () => {
    const checkpoints = scenario.posts.filter((post) => post.kind === 'checkpoint')
    expect(checkpoints).toHaveLength(11)
    for (const post of checkpoints) {
      expect(post.templates).toEqual([{ name: '全天班', rule: 'FREQ=DAILY', startTime: '08:00', length: 'P1D' }])
      expect(post.requirements.map(({ role, minimum, grades }) => [role, minimum, grades])).toEqual([
        ['lead', 1, ['chief', 'deputy']],
        ['crew', 4, ['staff']],
      ])
    }
    const [hotline] = scenario.posts.filter((post) => post.kind === 'hotline')
    expect(hotline?.templates.map((template) => template.length)).toEqual(['PT8H', 'PT8H', 'PT8H'])
  })
})

describe('ages', () => {
  it('fill the three reserve echelons, and nobody changes echelon within two months', () => {
    const rules = scenario.sets.find((set) => set.key === 'reserve')!.echelons.map((echelon) => echelon.age!)
    expect(rules).toEqual([{ to: 35 }, { from: 36, to: 50 }, { from: 51 }])
    for (const day of [ON, addLocalDays(ON, 60)]) {
      const sizes = rules.map(({ from = 0, to = 150 }) =>
        count(scenario.people.reserve, ({ birthOn }) => ageOn(birthOn, day) >= from && ageOn(birthOn, day) <= to),
      )
      expect(sizes).toEqual(AGE_BANDS.map((band) => band.people))
    }
  })

  it('are those of grown-ups at work, on a leap day as well', () => {
    for (const day of [ON, '2028-02-29']) {
      const ages = everybody(makeScenarioA(5, day)).map((one) => ageOn(one.birthOn, day))
      expect(Math.min(...ages)).toBe(18)
      expect(Math.max(...ages)).toBe(60)
    }
  })
})

describe('people are invented and told apart', () => {
  it('each by a number, an address and a telephone of their own', () => {
    const all = everybody(scenario)
    for (const key of ['personNumber', 'email', 'phone'] as const) {
      expect(new Set(all.map((one) => one[key])).size).toBe(149 + 72 + 7 + 3091)
    }
  })

  it('at addresses and numbers that cannot be anybody’s', () => {
    const all = [...everybody(scenario), ...scenario.units.flatMap((unit) => unit.responsibles)]
    expect(all.every((one) => /^[a-z0-9-]+@example\.org$/.test(one.email))).toBe(true)
    expect(all.every((one) => /^100\d{8}$/.test(one.phone))).toBe(true)
  })

  it('with a reading to sort by that begins with the surname', () => {
    expect(everybody(scenario).every((one) => /^[a-z]+ [a-z]+$/.test(one.sortName))).toBe(true)
    expect(everybody(scenario).every((one) => one.displayName.length === 3)).toBe(true)
  })
})

describe('chance', () => {
  it('gives the same scenario for the same seed and day', () => {
    expect(makeScenarioA(7, ON)).toEqual(makeScenarioA(7, ON))
  })

  it('gives other people, but the same figures, for another seed', () => {
    const other = makeScenarioA(8, ON)
    expect(other.people.reserve.map((one) => one.displayName)).not.toEqual(
      scenario.people.reserve.map((one) => one.displayName),
    )
    expect(everybody(other)).toHaveLength(everybody(scenario).length)
    expect(other.posts).toEqual(scenario.posts)
  })
})

describe('as CSV', () => {
  it('has one row for each person and a cell for each header', () => {
    const rows = toCsv(everybody(scenario)).trimEnd().split('\r\n')
    expect(rows).toHaveLength(1 + 149 + 72 + 7 + 3091)
    const cells = rows.map((row) => row.split(',').length)
    expect(new Set(cells)).toEqual(new Set([10]))
    expect(rows[1]).toMatch(
      /^K001,\p{Script=Han}{3},[a-z]+ [a-z]+,下沉干部,chief,\d{4}-\d\d-\d\d,D01,100\d{8},k001@example\.org,$/u,
    )
  })

  it('needs no quotation marks', () => {
    expect(toCsv(everybody(scenario))).not.toMatch(/["\t;]/)
  })

  it('is what the sample file shows', () => {
    const { cadres, medical, hotline, reserve } = makeScenarioA(1, '2026-01-02').people
    const sample = [...cadres.slice(0, 3), ...medical.slice(0, 2), ...hotline.slice(0, 1), ...reserve.slice(0, 6)]
    expect(readFileSync('examples/scenario-a/volunteers.sample.csv', 'utf8')).toBe(toCsv(sample))
  })
})
