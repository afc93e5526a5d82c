import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { findings, invalid, ProblemError } from '../../platform/http/problem.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { SHIFT_PRESETS } from '../posts/posts.presets.ts'
import { NewPost } from '../posts/posts.schemas.ts'
import type { Posts } from '../posts/posts.service.ts'
import { NewShiftTemplate } from '../posts/shift-templates.schemas.ts'
import { groupsOfRoles } from './duty-days.rules.ts'
import type { ApplyPreset, NewComposition } from './duty-days.schemas.ts'

type Role = z.output<typeof NewComposition>['roles'][number]

/** Pointers of the posts' own findings, as the caller of this room wrote them. */
const inRoles = (error: unknown): never => {
  if (!(error instanceof ProblemError) || error.errors.length === 0) throw error
  const errors = error.errors.map((one) => ({
    ...one,
    pointer: one.pointer.replace('/body/requirements', '/body/roles'),
  }))
  throw new ProblemError(error.status, error.code, error.message, { errors, extra: error.extra })
}

/** A template with all its defaults; what is wrong with its times is said of the fields the caller wrote. */
function templateOf(fields: z.input<typeof NewShiftTemplate>): z.output<typeof NewShiftTemplate> {
  const parsed = NewShiftTemplate.safeParse(fields)
  if (parsed.success) return parsed.data
  const codeOf = (issue: z.core.$ZodIssue) =>
    String((issue.code === 'custom' && (issue.params as { code?: string } | undefined)?.code) || issue.code)
  throw invalid(
    parsed.error.issues.map((issue) => ({
      pointer: `/body/${issue.path.join('/')}`,
      code: codeOf(issue),
      detail: issue.message,
    })),
  )
}

const requirementOf = ({ count, desired, startTime: _startTime, length: _length, ...role }: Role) => ({
  ...role,
  minimum: count,
  desired: Math.max(count, desired ?? count),
})

/** Who makes up the duty of a day, in one call; and shift patterns ready to use. */
export function createCompositions({
  db,
  organisation,
  posts,
}: Foundations & { organisation: Organisation; posts: Posts }) {
  return {
    listPresets: () => ({ items: SHIFT_PRESETS.map((preset) => ({ ...preset, shifts: [...preset.shifts] })) }),

    /** Makes the post, its roles and a template for each set of hours, all or nothing. */
    async createComposition(actor: Actor, input: z.output<typeof NewComposition>) {
      const { roles, rule, startTime, length, zone, effectiveFrom, effectiveTo, ...place } = input
      return db
        .transaction(async (tx) => {
          const requirements = roles.map(requirementOf)
          const post = await posts.createPost(actor, NewPost.parse({ ...place, requirements }), tx)
          const idOf = new Map(post.requirements.map((one) => [one.role, one.id]))
          const groups = groupsOfRoles(roles, { startTime, length })
          const when = { rule, zone, effectiveFrom, effectiveTo }
          const templates = []
          for (const group of groups) {
            const whole = groups.length === 1
            templates.push(
              await posts.createTemplate(
                actor,
                templateOf({
                  ...when,
                  postId: post.id,
                  name: whole ? input.name : group.roles.join(', ').slice(0, 200),
                  startTime: group.startTime,
                  length: group.length,
                  requirementIds: whole ? null : group.roles.map((role) => idOf.get(role)!),
                }),
                tx,
              ),
            )
          }
          return { post, templates }
        })
        .catch(inRoles)
    },

    /** Gives a post the templates of a preset, all or nothing, named in the language of its unit. */
    async applyPreset(actor: Actor, postId: string, { preset: id, ...when }: z.output<typeof ApplyPreset>) {
      return db.transaction(async (tx) => {
        const { post } = await posts.getPost(actor, postId, tx)
        const { locale } = await organisation.getUnit(actor, post.unitId, tx)
        const preset = SHIFT_PRESETS.find((one) => one.id === id)
        const found = findings()
        if (!preset) {
          const known = SHIFT_PRESETS.map((one) => one.id).join(', ')
          found.add('/body/preset', 'preset-unknown', `There is no preset ${id}. Maybe one of ${known}?`)
        }
        found.throwIfAny()
        const templates = []
        for (const { name, startTime, length } of preset!.shifts) {
          const shift = { name: name[tongueOf(locale)], rule: 'FREQ=DAILY', startTime, length }
          templates.push(await posts.createTemplate(actor, templateOf({ ...when, ...shift, postId: post.id }), tx))
        }
        return { templates }
      })
    },
  }
}
