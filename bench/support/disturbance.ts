/** What a repair did to people who are well, and how little of it there could have been. */
import type { Assignment, Problem } from '../../src/solver/index.ts'
import { componentsOf } from './components.ts'
import { CoverBound, type Fillable } from './cover-bound.ts'
import { calmModel } from './duty-model.ts'
import { Fitting, isFree } from './fitting.ts'
import { solveByHighs } from './solvers.ts'

export interface Disturbance {
  /** Mandatory seats filled, and how many can be filled at most. */
  filledMandatory: number
  fillableMandatory: number
  /** People who are well and no longer hold all that was published for them; those of them who had confirmed. */
  disturbed: number
  disturbedConfirmed: number
  /** Proven: as few, given the mandatory seats that are filled. */
  disturbedAtLeast: number
  disturbedConfirmedAtLeast: number
}

/**
 * `changed.published` holds what was published for people who still can serve. Whoever is of a team that goes out whole
 * and cannot, is disturbed whatever is done. Else a seat that somebody can take beside all they keep disturbs nobody; of
 * the seats filled beyond those, one disturbed person explains at most as many as one person can hold. Where parts of the
 * problem are small enough, an integer programme for each tells more.
 */
export async function disturbanceOf(changed: Problem, repaired: readonly Assignment[]): Promise<Disturbance> {
  const fitting = new Fitting(changed)
  const bound = new CoverBound(fitting)
  const published = changed.published ?? []
  const confirmed = published.filter((a) => a.confirmed)
  const keyOf = ({ personId, slotId }: Assignment) => `${personId} ${fitting.placeOf.get(slotId)}`
  const planned = new Set(repaired.map(keyOf))
  const lost = published.filter((a) => !planned.has(keyOf(a)))
  const isMandatory = ({ slotId }: Assignment) => fitting.places[fitting.placeOf.get(slotId)!]!.need === 'mandatory'
  const filled = repaired.filter(isMandatory).length
  const people = (list: readonly Assignment[]) => new Set(list.map(({ personId }) => personId)).size
  const most = bound.mostDuties()
  const isDoomed = doomed(bound)
  const atLeast = async (promised: readonly Assignment[]) => {
    const kept = promised.filter((a) => !isDoomed(a))
    const easily = kept.filter(isMandatory).length + besides(bound, kept).mandatory
    const byFlow = Math.max(people(promised.filter(isDoomed)), Math.ceil((filled - easily) / most))
    return Math.max(byFlow, await provenByParts(fitting, promised, repaired))
  }
  return {
    filledMandatory: filled,
    fillableMandatory: bound.fillable().mandatory,
    disturbed: people(lost),
    disturbedConfirmed: people(lost.filter((a) => a.confirmed)),
    disturbedAtLeast: await atLeast(published),
    disturbedConfirmedAtLeast: await atLeast(confirmed),
  }
}

const MOST_BINARIES = 20_000
const SECONDS_PER_PART = 5

/** The sum over parts in which something must be filled anew of the least number of people disturbed there. */
async function provenByParts(
  fitting: Fitting,
  promised: readonly Assignment[],
  repaired: readonly Assignment[],
): Promise<number> {
  const [kept, filled] = [promised, repaired].map((list) => Map.groupBy(list, ({ slotId }) => slotId))
  let sum = 0
  for (const part of componentsOf(fitting)) {
    const slots = part.slots.filter(({ need }) => need === 'mandatory')
    const openBeside = (held: typeof kept) =>
      slots.reduce((open, { id, seats = 1 }) => open + seats - (held!.get(id)?.length ?? 0), 0)
    if (openBeside(kept) === 0) continue
    const people = new Set(part.people.map(({ id }) => id))
    const own = promised.filter(({ personId }) => people.has(personId))
    const { model, perSeat } = calmModel(part, own)
    if (own.length === 0 || model.costs.length > MOST_BINARIES) continue
    const { bound = 0 } = await solveByHighs(model, SECONDS_PER_PART)
    sum += Math.max(0, Math.ceil(bound - perSeat * openBeside(filled) - 1e-6))
  }
  return sum
}

/** Tells assignments in shifts for whole teams of which somebody is away. */
function doomed({ fitting, rules }: CoverBound): (assignment: Assignment) => boolean {
  const { people, crews = [] } = fitting.problem
  const known = new Map(people.map((person) => [person.id, person]))
  const teamOf = new Map(crews.flatMap(({ personIds }) => personIds.map((id) => [id, personIds])))
  return ({ personId, slotId }) => {
    const { shift } = fitting.places[fitting.placeOf.get(slotId)!]!
    if (!rules.wholeTeams?.(shift)) return false
    return (teamOf.get(personId) ?? []).some((id) => !isFree(known.get(id)!, shift))
  }
}

/** Seats that can be filled beside these assignments. */
function besides(bound: CoverBound, kept: readonly Assignment[]): Fillable {
  const { fitting } = bound
  const open = fitting.places.map(({ seats }) => seats)
  for (const { slotId } of kept) open[fitting.placeOf.get(slotId)!]!--
  const held = Map.groupBy(kept, ({ personId }) => personId)
  const shiftsOf = new Map(
    [...held].map(([id, list]) => [id, list.map(({ slotId }) => fitting.places[fitting.placeOf.get(slotId)!]!.shift)]),
  )
  return bound.fillableOf(open, shiftsOf)
}
