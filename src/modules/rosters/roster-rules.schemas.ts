import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Version } from '../../platform/http/schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { isForEngineOnly, isRuleName, RULE_NAMES, RULE_PARAMS } from './roster-rules.params.ts'
import { isOnlySoft } from './roster-rules.rules.ts'

const STATED = RULE_NAMES.filter((name) => !isForEngineOnly(name))

const RuleName = z
  .string()
  .refine(isRuleName, {
    error: `is not a rule of the engine. Its rules are ${STATED.join(', ')}`,
    params: { code: 'rule-unknown' },
  })
  .refine((name) => !isForEngineOnly(name), {
    error: 'is for problems made for the engine itself; say how many people are wanted as `desired` in the requirement',
    params: { code: 'rule-for-engine-only' },
  })
  .meta({ description: `One of ${STATED.join(', ')}`, example: 'minimum-rest' })

const Params = z.record(z.string(), z.unknown()).meta({ description: 'What the rule is told; each has its own fields' })
const Weight = z.int().min(1).max(1_000_000).nullable().meta({ description: 'null: hard, never broken' })
const Ids = z.array(Id).min(1).max(500)

export const RuleScope = z
  .strictObject({
    echelonSetIds: Ids,
    postIds: Ids,
    volunteerIds: Ids,
    personClasses: z.array(z.enum(PERSON_CLASSES)).min(1),
  })
  .partial()
  .meta({ id: 'RuleScope', description: 'Where it holds inside its unit; every given list narrows it' })

interface Told {
  name?: unknown
  params?: unknown
  weight?: unknown
}

export interface RuleFinding {
  path: (string | number)[]
  code: string
  detail: string
}

/** What is wrong with the parameters and the weight of a rule whose name is known. */
export function ruleFindings({ name, params, weight }: Told): RuleFinding[] {
  if (typeof name !== 'string' || !isRuleName(name)) return []
  const found: RuleFinding[] = []
  const parsed = RULE_PARAMS[name].safeParse(params ?? {})
  for (const issue of parsed.error?.issues ?? []) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    for (const key of keys) {
      const given = issue.code === 'custom' ? (issue.params as { code?: string } | undefined)?.code : undefined
      found.push({
        path: [
          'params',
          ...issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part)),
          ...(key ? [key] : []),
        ],
        code: key ? 'field-unknown' : (given ?? issue.code.replaceAll('_', '-')),
        detail: key ? `The rule ${name} has no such parameter.` : issue.message,
      })
    }
  }
  if (weight === null && isOnlySoft(name)) {
    found.push({
      path: ['weight'],
      code: 'weight-needed',
      detail: `The rule ${name} can only be weighed, not demanded.`,
    })
  }
  return found
}

export const NewRule = z
  .strictObject({
    unitId: Id,
    name: RuleName,
    params: Params.default({}),
    weight: Weight.default(null),
    scope: RuleScope.default({}),
    enabled: z.boolean().default(true).meta({ description: 'false takes away what would be inherited' }),
  })
  .superRefine((rule, context) => {
    for (const { path, code, detail } of ruleFindings(rule)) {
      context.addIssue({ code: 'custom', path, message: detail, params: { code } })
    }
  })

export const RulePatch = z
  .strictObject({ params: Params, weight: Weight, scope: RuleScope, enabled: z.boolean() })
  .partial()

export const Rule = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    params: Params,
    weight: z.number().nullable(),
    scope: RuleScope,
    enabled: z.boolean(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Rule' })

export const EffectiveRule = Rule.pick({ name: true, params: true, weight: true, scope: true })
  .extend({
    id: z.string().meta({ description: 'Id of the rule, or the name of a default of the engine' }),
    unitId: Id.nullable().meta({ description: 'Unit that says so; null for a default' }),
    inherited: z.boolean(),
    asks: z.object({ zh: z.string(), en: z.string() }).meta({ description: 'What it asks for, in one sentence' }),
  })
  .meta({ id: 'EffectiveRule' })
export const EffectiveRules = z.object({ items: z.array(EffectiveRule) }).meta({ id: 'EffectiveRules' })

export const RuleList = z.strictObject({
  ...pageQuery(['createdAt', 'name']),
  unitId: Id.optional().meta({ description: 'Said by exactly this unit' }),
  name: z.string().max(60).optional(),
})
export const RulePage = pageOf(Rule)
