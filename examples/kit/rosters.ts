import type { Stage, Week } from '../demo/stage.ts'

export interface Roster {
  id: string
  counts: { slots: number; assigned: number; openMandatory: number; openDesired: number }
}

interface Run {
  state: string
  finishedAt: string | null
  error: string | null
  outcome: { breaches: { strength: string }[] } | null
}

/** Has the roster of a unit made and waits for it; throws when a mandatory seat stays open or a hard rule is broken. */
export async function generate(stage: Stage, unitId: string, { fromOn, toOn }: Week): Promise<Roster> {
  const { api, seed, time } = stage
  const order = { unitId, from: fromOn, to: toOn, seed }
  const asked = await api.post<{ id: string; generationRun: { id: string } }>('/v1/rosters', order, {
    idempotencyKey: `roster-${unitId}-${fromOn}`,
  })
  const read = () => api.get<Run>(`/v1/generation-runs/${asked.generationRun.id}`)
  let run = await read()
  for (; run.finishedAt === null; run = await read()) await time.settled()
  if (run.state !== 'done') throw new Error(`The generation run ended as ${run.state}: ${run.error}`)
  const broken = run.outcome!.breaches.filter((breach) => breach.strength === 'hard').length
  const roster = await api.get<Roster>(`/v1/rosters/${asked.id}`)
  if (broken + roster.counts.openMandatory > 0) {
    throw new Error(`${roster.counts.openMandatory} mandatory seats are open, ${broken} hard rules broken.`)
  }
  return roster
}

/** Publishes a roster on the version that was read; how many people it concerns. */
export async function publish({ api, time }: Stage, { id }: Roster): Promise<number> {
  const { etag } = await api.call('GET', `/v1/rosters/${id}`)
  const done = await api.post<{ peopleAffected: string[] }>(`/v1/rosters/${id}:publish`, {}, { ifMatch: etag })
  await time.settled()
  return done.peopleAffected.length
}

export interface Seat {
  id: string
  role: string
  holder: { assignmentId: string; volunteerId: string; displayName: string; state: string } | null
}

export interface Shift {
  id: string
  postId: string
  postName: string
  localDay: string
  startsAt: string
  endsAt: string
  slots: Seat[]
}

export const shiftsOf = ({ api }: Stage, unitId: string, { fromOn, toOn }: Week): Promise<Shift[]> =>
  api.all<Shift>(`/v1/shifts?unitId=${unitId}&from=${fromOn}&to=${toOn}`)

export interface Duty {
  assignmentId: string
  volunteerId: string
  role: string
  shift: Shift
}

/** Who holds the seats of these shifts. */
export const dutiesOf = (shifts: readonly Shift[]): Duty[] =>
  shifts.flatMap((shift) =>
    shift.slots.flatMap(({ role, holder }) =>
      holder ? [{ assignmentId: holder.assignmentId, volunteerId: holder.volunteerId, role, shift }] : [],
    ),
  )
