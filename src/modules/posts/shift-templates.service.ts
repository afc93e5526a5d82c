import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings, stale } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { postProblems } from './posts.problems.ts'
import { type PostAt, postsRepository } from './posts.repository.ts'
import { isOccurrence, occurrencesOf } from './posts.rules.ts'
import { shiftTemplates } from './posts.tables.ts'
import { exceptionView, templateView } from './posts.views.ts'
import { createShiftMoves } from './shift-moves.ts'
import { type TemplateAt, type TemplateRow, templatesRepository } from './shift-templates.repository.ts'
import {
  type NewShiftException,
  type NewShiftTemplate,
  type OccurrenceQuery,
  type ShiftTemplateList,
  type ShiftTemplatePatch,
  togetherFindings,
} from './shift-templates.schemas.ts'
import { shiftsRepository } from './shifts.repository.ts'
import type { Shifts } from './shifts.service.ts'

type Deps = Pick<Foundations, 'db' | 'clock'> & { organisation: Organisation; shifts: Shifts }

/** Recipes of shifts. A change reaches occurrences that have not begun; those that somebody holds move with their holders. */
export function createShiftTemplates({ db, clock, organisation, shifts }: Deps) {
  const moves = createShiftMoves({ db, clock, shifts })

  async function getTemplate(handle: Handle, actor: Actor, id: string): Promise<TemplateAt> {
    const found = await templatesRepository(handle).findTemplate(id)
    assertCovers(actor, found?.unitPath, () => postProblems.templateUnknown(id))
    return found!
  }

  const show = async (template: TemplateRow, handle: Handle = db) =>
    templateView(template, await templatesRepository(handle).exceptionsOf([template.id]))

  const postOf = async (tx: Tx, template: TemplateRow): Promise<PostAt> =>
    (await postsRepository(tx).findPost(template.postId))!

  async function checkRequirements(handle: Handle, postId: string, ids: string[] | null | undefined, found: Findings) {
    if (!ids) return
    const known = new Set((await postsRepository(handle).requirementsOf([postId])).map((one) => one.id))
    ids.forEach((id, index) => {
      if (known.has(id)) return
      found.add(`/body/requirementIds/${index}`, 'requirement-unknown', `The post has no cover requirement ${id}.`)
    })
  }

  return {
    moveShift: moves.moveShift,

    async createTemplate(actor: Actor, input: z.output<typeof NewShiftTemplate>, handle: Handle = db) {
      return handle.transaction(async (tx) => {
        const at = await postsRepository(tx).findPost(input.postId)
        const found = findings()
        if (!at?.unitPath.startsWith(actor.unitPath)) {
          found.add('/body/postId', 'post-unknown', `There is no post ${input.postId} that you may see.`)
        } else {
          await checkRequirements(tx, input.postId, input.requirementIds, found)
        }
        found.throwIfAny()
        const now = clock.now()
        const zone = input.zone ?? at!.unitZone
        const template = await templatesRepository(tx).insertTemplate({
          ...input,
          zone,
          createdAt: now,
          updatedAt: now,
        })
        await audit(tx, actor, now, {
          action: 'shift-template.created',
          subject: { type: 'shift-template', id: template.id },
          unitId: at!.post.unitId,
          facts: { name: template.name },
        })
        return templateView(template, [])
      })
    },

    showTemplate: async (actor: Actor, id: string) => show((await getTemplate(db, actor, id)).template),

    async listTemplates(actor: Actor, query: z.output<typeof ShiftTemplateList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await templatesRepository(db).listTemplates(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.postId ? eq(shiftTemplates.postId, query.postId) : undefined,
        ],
        keyset(query, { name: shiftTemplates.name, createdAt: shiftTemplates.createdAt }, shiftTemplates.id),
      )
      const templates = rows.map((row) => row.template)
      const exceptions = Map.groupBy(
        await templatesRepository(db).exceptionsOf(templates.map((template) => template.id)),
        (one) => one.templateId,
      )
      return toPage(
        query,
        templates,
        (row, sort) => (sort === 'name' ? row.name : row.createdAt),
        (row) => templateView(row, exceptions.get(row.id) ?? []),
      )
    },

    async updateTemplate(actor: Actor, id: string, version: number, patch: z.output<typeof ShiftTemplatePatch>) {
      return db.transaction(async (tx) => {
        const before = await getTemplate(tx, actor, id)
        const found = findings()
        found.errors.push(...togetherFindings({ ...before.template, ...patch }))
        await checkRequirements(tx, before.template.postId, patch.requirementIds, found)
        found.throwIfAny()
        const now = clock.now()
        const after = await templatesRepository(tx).updateTemplate(id, version, { ...patch, updatedAt: now })
        if (!after) throw stale(before.template.version)
        await audit(tx, actor, now, {
          action: 'shift-template.changed',
          subject: { type: 'shift-template', id },
          unitId: before.unitId,
          facts: { fields: Object.keys(patch) },
        })
        const leftovers = await shifts.follow(tx, await postOf(tx, after), now, actor)
        return { ...(await show(after, tx)), leftovers }
      })
    },

    async deleteTemplate(actor: Actor, id: string, version: number) {
      await db.transaction(async (tx) => {
        const { template, unitId } = await getTemplate(tx, actor, id)
        if (template.version !== version) throw stale(template.version)
        if (await templatesRepository(tx).hasShifts(id)) throw postProblems.templateInUse()
        await templatesRepository(tx).deleteTemplates({ id })
        await audit(tx, actor, clock.now(), {
          action: 'shift-template.deleted',
          subject: { type: 'shift-template', id },
          unitId,
          facts: { name: template.name },
        })
      })
    },

    async createException(actor: Actor, id: string, input: z.output<typeof NewShiftException>) {
      return db.transaction(async (tx) => {
        const { template, unitId } = await getTemplate(tx, actor, id)
        const found = findings()
        if (!isOccurrence(template, input.originalStart)) {
          const detail = `The template has no occurrence at ${input.originalStart}.`
          found.add('/body/originalStart', 'occurrence-unknown', detail)
        }
        found.throwIfAny()
        const now = clock.now()
        const occasion = { tx, actor, now }
        const exception = await templatesRepository(tx).insertException({ ...input, templateId: id, createdAt: now })
        if (input.kind === 'skip') await moves.assertFree(occasion, id, input.originalStart)
        else await moves.moveOccurrence(occasion, template, exception)
        await templatesRepository(tx).touchTemplate(id, now)
        await audit(tx, actor, now, {
          action: 'shift-exception.created',
          subject: { type: 'shift-template', id },
          unitId,
          reason: input.reason ?? undefined,
          facts: { kind: input.kind, originalStart: input.originalStart },
        })
        await shifts.follow(tx, await postOf(tx, template), now, actor)
        return exceptionView(exception)
      })
    },

    async deleteException(actor: Actor, id: string, exceptionId: string) {
      await db.transaction(async (tx) => {
        const { template, unitId } = await getTemplate(tx, actor, id)
        const gone = await templatesRepository(tx).deleteException(id, exceptionId)
        if (!gone) throw postProblems.exceptionUnknown(exceptionId)
        const now = clock.now()
        const occasion = { tx, actor, now }
        if (gone.kind === 'skip') await moves.assertFree(occasion, id, gone.originalStart)
        else await moves.moveOccurrence(occasion, template, { originalStart: gone.originalStart })
        await templatesRepository(tx).touchTemplate(id, now)
        await audit(tx, actor, now, {
          action: 'shift-exception.deleted',
          subject: { type: 'shift-template', id },
          unitId,
          facts: { kind: gone.kind, originalStart: gone.originalStart },
        })
        await shifts.follow(tx, await postOf(tx, template), now, actor)
      })
    },

    /** What the template gives, whether or not the shifts were made yet; writes nothing. */
    async previewOccurrences(actor: Actor, id: string, { from, to }: z.output<typeof OccurrenceQuery>) {
      const { template } = await getTemplate(db, actor, id)
      const exceptions = await templatesRepository(db).exceptionsOf([id])
      const items = occurrencesOf(template, exceptions, from, to)
      const shiftIds = await shiftsRepository(db).shiftIdsOf(
        id,
        items.map((one) => one.originalStart),
      )
      return {
        items: items.map(({ originalStart, startLocal, endLocal, startsAt, endsAt, exception }) => ({
          originalStart,
          startLocal,
          endLocal,
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
          exception,
          shiftId: shiftIds.get(originalStart) ?? null,
        })),
      }
    },
  }
}
