import type { Demo } from './demo.ts'
import { buildCity } from './steps/city.ts'
import { importPeople } from './steps/people.ts'

export async function play(demo: Demo) {
  const city = await buildCity(demo)
  const register = await importPeople(demo)
  return { city: city.unitIds.size, people: register.size }
}
