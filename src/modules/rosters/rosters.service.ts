import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Crews } from '../crews/crews.service.ts'
import type { Echelons } from '../echelons/echelons.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Posts } from '../posts/posts.service.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import type { Assignments } from './rosters.assignments.ts'
import { createCandidates } from './rosters.candidates.ts'
import { createDesk } from './rosters.desk.ts'
import { createDrafts } from './rosters.drafts.ts'
import { createDuties } from './rosters.duties.ts'
import { createEngineRoom } from './rosters.engine.ts'
import { createGeneration, type EngineSettings } from './rosters.generation.ts'
import { createMoving } from './rosters.moving.ts'
import { createPublication } from './rosters.publication.ts'
import { rostersRepository } from './rosters.repository.ts'
import type { RosterList } from './rosters.schemas.ts'
import { rosters } from './rosters.tables.ts'
import { rosterView } from './rosters.views.ts'

export type Rosters = ReturnType<typeof createRosters>

type Deps = Foundations & {
  organisation: Organisation
  volunteers: Volunteers
  echelons: Echelons
  crews: Crews
  posts: Posts
  assignments: Assignments
  engine: EngineSettings
}

/**
 * The plan of a unit for a period, from the wish for one to the published versions. Promises: no day of a post is
 * planned twice, hard rules hold unless somebody set them aside by name, and publishing is all or nothing.
 */
export function createRosters(deps: Deps) {
  const { db, clock, organisation, posts, volunteers, echelons, crews } = deps
  const sources = { volunteers, echelons, crews }
  const desk = createDesk({ posts, sources })
  const candidates = createCandidates({ ...deps, desk, sources })
  const repository = rostersRepository(db)

  return {
    ...createGeneration({ ...deps, desk }),
    ...createEngineRoom({ ...deps, desk }),
    ...createDrafts({ ...deps, desk }),
    ...createPublication({ ...deps, desk }),
    ...candidates,
    ...createMoving({ ...deps, ...candidates }),
    ...createDuties({ ...deps, desk }),

    showRoster: async (actor: Actor, id: string) => desk.show(db, await desk.getRoster(db, actor, id), clock.now()),

    async listRosters(actor: Actor, query: z.output<typeof RosterList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await repository.listRosters(
        [
          eq(rosters.kind, 'plan'),
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(rosters.state, query.state) : undefined,
          query.day ? sql`${rosters.fromOn} <= ${query.day}::date and ${query.day}::date < ${rosters.toOn}` : undefined,
        ],
        keyset(query, { from: rosters.fromOn, createdAt: rosters.createdAt }, rosters.id),
      )
      const ids = rows.map((row) => row.id)
      const [counts, runs] = await Promise.all([repository.countsOf(ids, clock.now()), repository.lastRunsOf(ids)])
      const runOf = new Map(runs.map((run) => [run.rosterId, run]))
      return toPage(
        query,
        rows,
        (row, sort) => (sort === 'from' ? row.fromOn : row.createdAt),
        (row) => rosterView(row, counts.get(row.id), runOf.get(row.id)),
      )
    },
  }
}
