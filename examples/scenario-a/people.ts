import { createRandom, type Random, shuffle } from '../../src/solver/random.ts'
import { addLocalDays, type LocalDate } from '../../src/time/zones.ts'
import { AGE_BANDS, FIGURES, type Grade, MEDICAL } from './figures.ts'
import { fictionalEmail, fictionalPhone, inventName } from './names.ts'
import { COMMAND_CODE, type ScenarioUnit } from './units.ts'

export interface ScenarioPerson {
  personNumber: string
  displayName: string
  sortName: string
  personClass: 'secondedCadre' | 'medical' | 'volunteer'
  grade: Grade
  birthOn: LocalDate
  unitCode: string
  email: string
  phone: string
  /** Codes of qualifications. */
  qualifications: string[]
}

export interface ScenarioPeople {
  cadres: ScenarioPerson[]
  medical: ScenarioPerson[]
  hotline: ScenarioPerson[]
  reserve: ScenarioPerson[]
}

type Traits = Pick<ScenarioPerson, 'personClass' | 'grade' | 'unitCode' | 'qualifications'> & { age: number }

/** Nobody has a birthday in the two months after `on`, so that all stay in their age band. */
function bornFor(age: number, on: LocalDate, random: Random): LocalDate {
  const day = on.slice(4) === '-02-29' ? '-02-28' : on.slice(4)
  const birthday = `${String(Number(on.slice(0, 4)) - age).padStart(4, '0')}${day}`
  return addLocalDays(birthday, -1 - random.below(300))
}

const between = (from: number, to: number, random: Random) => from + random.below(to - from + 1)

const CONTACT_BLOCKS: Record<string, number> = { K: 1_000_000, M: 2_000_000, X: 3_000_000, R: 4_000_000 }

function people(letter: string, traits: Traits[], on: LocalDate, random: Random): ScenarioPerson[] {
  const digits = String(traits.length).length
  return traits.map(({ age, ...rest }, index) => {
    const personNumber = letter + String(index + 1).padStart(digits, '0')
    return {
      personNumber,
      ...inventName(random),
      ...rest,
      birthOn: bornFor(age, on, random),
      email: fictionalEmail(personNumber),
      phone: fictionalPhone(CONTACT_BLOCKS[letter]! + index + 1),
    }
  })
}

const cycle = <T>(list: readonly T[], index: number): T => list[index % list.length]!

function cadres(departments: string[], random: Random): Traits[] {
  const { chief, deputy, staff } = FIGURES.cadres
  const grades: Grade[] = [
    ...Array<Grade>(chief).fill('chief'),
    ...Array<Grade>(deputy).fill('deputy'),
    ...Array<Grade>(staff).fill('staff'),
  ]
  return grades.map((grade, index) => ({
    personClass: 'secondedCadre',
    grade,
    unitCode: cycle(departments, index),
    qualifications: [],
    age: grade === 'staff' ? between(24, 55, random) : between(36, 58, random),
  }))
}

const medics = (count: number, hospitals: string[], random: Random): Traits[] =>
  Array.from({ length: count }, (_, index) => ({
    personClass: 'medical',
    grade: index % 9 === 0 ? 'deputy' : 'staff',
    unitCode: cycle(hospitals, index),
    qualifications: [MEDICAL],
    age: between(24, 58, random),
  }))

/** Where the reserve comes from: every unit has twenty, the others are spread by chance. */
function homesOfReserve(codes: string[], random: Random): string[] {
  const least = codes.flatMap((code) => Array<string>(20).fill(code))
  const rest = Array.from({ length: FIGURES.reserve - least.length }, () => codes[random.below(codes.length)]!)
  return shuffle([...least, ...rest], random)
}

function reserve(codes: string[], random: Random): Traits[] {
  const homes = homesOfReserve(codes, random)
  const ages = shuffle(
    AGE_BANDS.flatMap(({ from, to, people: count }) => Array.from({ length: count }, () => between(from, to, random))),
    random,
  )
  const leads = FIGURES.reserveChiefs + FIGURES.reserveDeputies
  // Leads are looked for among those who are old enough to have been promoted.
  const byAge = homes.map((_, index) => index).filter((index) => ages[index]! >= 30)
  const ranked = shuffle(byAge, random).slice(0, leads)
  const gradeOf = new Map(
    ranked.map((index, place): [number, Grade] => [index, place < FIGURES.reserveChiefs ? 'chief' : 'deputy']),
  )
  const trained = new Set(
    shuffle(
      homes.map((_, index) => index),
      random,
    ).slice(0, FIGURES.reserveMedical),
  )
  return homes.map((unitCode, index) => ({
    personClass: 'volunteer',
    grade: gradeOf.get(index) ?? 'staff',
    unitCode,
    qualifications: trained.has(index) ? [MEDICAL] : [],
    age: ages[index]!,
  }))
}

/** All people, with the ages they have on the day `on`. */
export function makePeople(seed: number, on: LocalDate, units: ScenarioUnit[]): ScenarioPeople {
  const codesOf = (kind: ScenarioUnit['kind']) => units.filter((unit) => unit.kind === kind).map((unit) => unit.code)
  const hospitals = codesOf('hospital')
  const all = units.map((unit) => unit.code).filter((code) => code !== COMMAND_CODE)
  const group = (letter: string, part: number, make: (random: Random) => Traits[]) => {
    const random = createRandom(seed + part)
    return people(letter, make(random), on, random)
  }
  return {
    cadres: group('K', 1, (random) => cadres(codesOf('department'), random)),
    medical: group('M', 2, (random) => medics(FIGURES.medical, hospitals, random)),
    hotline: group('X', 3, (random) => medics(FIGURES.hotline, hospitals, random)),
    reserve: group('R', 4, (random) => reserve(all, random)),
  }
}
