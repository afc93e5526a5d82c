import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings, stale } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { postChanged } from './posts.events.ts'
import { postProblems } from './posts.problems.ts'
import { type PostAt, postsRepository } from './posts.repository.ts'
import type { CoverRequirementInput, NewPost, PostList, PostPatch } from './posts.schemas.ts'
import { posts } from './posts.tables.ts'
import { postSummaryView, postView } from './posts.views.ts'
import { templatesRepository } from './shift-templates.repository.ts'
import { createShiftTemplates } from './shift-templates.service.ts'
import { createShifts } from './shifts.service.ts'
import { splitSeat } from './split-seat.ts'

type Requirements = z.output<typeof CoverRequirementInput>[]

export type Posts = ReturnType<typeof createPosts>

/**
 * Where duty is done, how many people it takes and when. Promises: a requirement names only what exists, an occurrence
 * of a template is one shift for ever, and a shift that somebody holds moves with its holders or not at all.
 */
export function createPosts({ db, clock, news, organisation }: Foundations & { organisation: Organisation }) {
  const shifts = createShifts({ db, news, organisation })

  async function getPost(handle: Handle, actor: Actor, id: string): Promise<PostAt> {
    const found = await postsRepository(handle).findPost(id)
    assertCovers(actor, found?.unitPath, () => postProblems.postUnknown(id))
    return found!
  }

  /** Sets and units may be the actor's own or stand above the post: a village may call the reserve of its city. */
  async function checkReferences(handle: Handle, actor: Actor, postPath: string, list: Requirements, found: Findings) {
    const repo = postsRepository(handle)
    const isSeen = (path: string | undefined) =>
      path !== undefined && (covers(actor, path) || postPath.startsWith(path))
    const setIds = list.flatMap((one) => [...(one.echelonSetId ? [one.echelonSetId] : []), ...one.reserveSetIds])
    const [qualifications, unitPaths, setPaths, crewPaths] = await Promise.all([
      repo.knownQualifications(list.flatMap((one) => one.qualificationIds)),
      repo.unitPaths(list.flatMap((one) => [...one.unitIds, ...one.crewUnitIds])),
      repo.setPaths(setIds),
      repo.crewPaths(list.flatMap((one) => one.crewIds)),
    ])
    const unknown = (pointer: string, what: string, id: string) =>
      found.add(`/body/requirements/${pointer}`, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)
    list.forEach((one, i) => {
      one.qualificationIds.forEach((id, j) => {
        if (!qualifications.has(id)) unknown(`${i}/qualificationIds/${j}`, 'qualification', id)
      })
      one.unitIds.forEach((id, j) => {
        if (!isSeen(unitPaths.get(id))) unknown(`${i}/unitIds/${j}`, 'unit', id)
      })
      one.crewUnitIds.forEach((id, j) => {
        if (!isSeen(unitPaths.get(id))) unknown(`${i}/crewUnitIds/${j}`, 'unit', id)
      })
      one.crewIds.forEach((id, j) => {
        if (!isSeen(crewPaths.get(id))) unknown(`${i}/crewIds/${j}`, 'crew', id)
      })
      one.reserveSetIds.forEach((id, j) => {
        if (!isSeen(setPaths.get(id))) unknown(`${i}/reserveSetIds/${j}`, 'echelon-set', id)
      })
      if (one.echelonSetId && !isSeen(setPaths.get(one.echelonSetId))) {
        unknown(`${i}/echelonSetId`, 'echelon-set', one.echelonSetId)
      }
    })
  }

  async function saveRequirements(tx: Tx, postId: string, list: Requirements, now: Date) {
    const repo = postsRepository(tx)
    await repo.retireRequirements(
      postId,
      list.map((one) => one.role),
    )
    await repo.upsertRequirements(
      list.map((one, index) => ({
        ...one,
        postId,
        position: index + 1,
        maximum: one.maximum ?? Math.max(1, one.desired),
        createdAt: now,
      })),
    )
  }

  const show = async ({ post }: Pick<PostAt, 'post'>, handle: Handle = db) =>
    postView(post, await postsRepository(handle).requirementsOf([post.id]))

  return {
    materialise: shifts.materialise,
    shiftsOf: shifts.shiftsOf,
    splitSeat,
    listShifts: shifts.listShifts,
    ...createShiftTemplates({ db, clock, organisation, shifts }),

    getPost: (actor: Actor, id: string, handle: Handle = db) => getPost(handle, actor, id),

    async createPost(actor: Actor, { requirements, ...fields }: z.output<typeof NewPost>, handle: Handle = db) {
      return handle.transaction(async (tx) => {
        const repo = postsRepository(tx)
        const path = (await repo.unitPaths([fields.unitId])).get(fields.unitId)
        const found = findings()
        if (path === undefined || !covers(actor, path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${fields.unitId} that you may see.`)
        }
        await checkReferences(tx, actor, path ?? '', requirements, found)
        found.throwIfAny()
        const now = clock.now()
        const post = await repo.insertPost({ ...fields, createdAt: now, updatedAt: now })
        await saveRequirements(tx, post.id, requirements, now)
        await audit(tx, actor, now, {
          action: 'post.created',
          subject: { type: 'post', id: post.id },
          unitId: post.unitId,
          facts: { name: post.name },
        })
        return show({ post }, tx)
      })
    },

    showPost: async (actor: Actor, id: string) => show(await getPost(db, actor, id)),

    async listPosts(actor: Actor, query: z.output<typeof PostList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await postsRepository(db).listPosts(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.kind ? eq(posts.kind, query.kind) : undefined,
          query.priority ? eq(posts.priority, query.priority) : undefined,
          query.active === undefined ? undefined : eq(posts.active, query.active),
        ],
        keyset(query, { name: posts.name, priority: posts.priority, createdAt: posts.createdAt }, posts.id),
      )
      return toPage(
        query,
        rows.map((row) => row.post),
        (row, sort) => (sort === 'name' ? row.name : sort === 'priority' ? row.priority : row.createdAt),
        postSummaryView,
      )
    },

    async updatePost(actor: Actor, id: string, version: number, patch: z.output<typeof PostPatch>) {
      return db.transaction(async (tx) => {
        const before = await getPost(tx, actor, id)
        const { requirements, ...fields } = patch
        const found = findings()
        await checkReferences(tx, actor, before.unitPath, requirements ?? [], found)
        found.throwIfAny()
        const now = clock.now()
        const post = await postsRepository(tx).updatePost(id, version, { ...fields, updatedAt: now })
        if (!post) throw stale(before.post.version)
        if (requirements) await saveRequirements(tx, id, requirements, now)
        await audit(tx, actor, now, {
          action: 'post.changed',
          subject: { type: 'post', id },
          unitId: post.unitId,
          facts: { fields: Object.keys(patch) },
        })
        const leftovers = await shifts.follow(tx, { ...before, post }, now, actor)
        await news.record(postChanged, { postId: id }, { tx, actor, now })
        return { ...(await show({ post }, tx)), leftovers }
      })
    },

    async deletePost(actor: Actor, id: string, version: number) {
      await db.transaction(async (tx) => {
        const { post } = await getPost(tx, actor, id)
        if (post.version !== version) throw stale(post.version)
        if (await postsRepository(tx).hasShifts(id)) throw postProblems.postInUse()
        await templatesRepository(tx).deleteTemplates({ postId: id })
        await postsRepository(tx).deletePost(id)
        await audit(tx, actor, clock.now(), {
          action: 'post.deleted',
          subject: { type: 'post', id },
          unitId: post.unitId,
          facts: { name: post.name },
        })
      })
    },
  }
}
