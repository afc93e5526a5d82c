import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Name, Version } from '../../platform/http/schemas.ts'
import { Language } from '../volunteers/volunteers.schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

const Seats = z.int().min(0).max(200)
const Word = z.string().trim().min(1).max(60)
const Ids = z.array(Id).max(50)

interface Numbers {
  minimum: number
  desired: number
  maximum?: number | undefined
}

/** Lets a comparison speak although other fields are wrong, as long as those it compares are there. */
const when = (...fields: (keyof Numbers)[]) => ({
  when: ({ value }: { value: unknown }) =>
    fields.every((field) => typeof (value as Partial<Numbers> | null)?.[field] === 'number'),
})

export const CoverRequirementInput = z
  .strictObject({
    role: Word.meta({ example: 'lead' }),
    minimum: Seats,
    desired: Seats,
    maximum: Seats.min(1).optional().meta({ description: 'The desired number, at least 1, when left out' }),
    qualificationIds: Ids.default([]).meta({
      description: 'Every one is needed, skill or clearance, valid all the time',
    }),
    grades: z.array(Word).max(50).default([]).meta({ description: 'One of these; empty: any' }),
    personClasses: z.array(z.enum(PERSON_CLASSES)).default([]),
    languages: z.array(Language).max(20).default([]).meta({ description: 'Every one is needed' }),
    unitIds: Ids.default([]).meta({ description: 'Home unit is one of these or below; empty: any' }),
    echelonSetId: Id.nullable().default(null).meta({ description: 'Who serves; none: the whole unit of the post' }),
    reserveSetIds: Ids.default([]).meta({ description: 'Sets searched in this order when a seat becomes a gap' }),
    crewIds: z.array(Id).max(200).default([]).meta({ description: 'Crews that serve in turn, instead of a set' }),
    crewUnitIds: Ids.default([]).meta({ description: 'All crews of these units and below, likewise' }),
  })
  .refine(({ echelonSetId, crewIds, crewUnitIds }) => !echelonSetId || crewIds.length + crewUnitIds.length === 0, {
    error: 'goes without crews: either a set serves, or crews do',
    path: ['echelonSetId'],
    params: { code: 'set-and-crews' },
  })
  .refine(({ minimum, desired }) => minimum <= desired, {
    error: 'is less than the minimum',
    path: ['desired'],
    params: { code: 'desired-below-minimum' },
    ...when('minimum', 'desired'),
  })
  .refine(({ desired, maximum }) => desired <= (maximum ?? desired), {
    error: 'is less than the desired number',
    path: ['maximum'],
    params: { code: 'maximum-below-desired' },
    ...when('desired', 'maximum'),
  })
  .meta({ id: 'NewCoverRequirement' })

const Requirements = z
  .array(CoverRequirementInput)
  .max(30)
  .superRefine((list, context) => {
    list.forEach(({ role }, index) => {
      if (list.findIndex((other) => other.role === role) === index) return
      context.addIssue({
        code: 'custom',
        path: [index, 'role'],
        message: `The role "${role}" stands here twice.`,
        params: { code: 'role-twice' },
      })
    })
  })

const postFields = {
  name: Name,
  kind: Word.meta({ example: 'checkpoint' }),
  address: z.string().trim().max(300).nullish(),
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  priority: z.int().min(1).max(9).meta({ description: '1 is the most important' }),
  phone: z.string().trim().max(40).nullish(),
  instructions: z
    .string()
    .trim()
    .max(500)
    .nullish()
    .meta({ description: 'What to bring and to wear; told to all who serve here' }),
  active: z.boolean(),
}

export const NewPost = z.strictObject({
  unitId: Id,
  ...postFields,
  priority: postFields.priority.default(3),
  active: z.boolean().default(true),
  requirements: Requirements.default([]),
})

export const PostPatch = z
  .strictObject({
    ...postFields,
    requirements: Requirements.meta({ description: 'Replaces the whole list; a role keeps its identity by its name' }),
  })
  .partial()

export const CoverRequirement = z
  .object({
    id: Id,
    role: z.string(),
    minimum: z.int(),
    desired: z.int(),
    maximum: z.int(),
    qualificationIds: z.array(Id),
    grades: z.array(z.string()),
    personClasses: z.array(z.string()),
    languages: z.array(z.string()),
    unitIds: z.array(Id),
    echelonSetId: Id.nullable(),
    reserveSetIds: z.array(Id),
    crewIds: z.array(Id),
    crewUnitIds: z.array(Id),
  })
  .meta({ id: 'CoverRequirement' })

const Leftover = z.object({
  shiftId: Id,
  originalStart: z.string(),
  because: z.enum(['begun', 'split', 'held', 'unfit']).meta({
    description:
      'begun; split: a seat was cut in parts; held: nothing, or not one thing alone, takes its place that day; unfit: its holders cannot serve at the new time',
  }),
  detail: z.string().optional().meta({ description: 'Who cannot, and why' }),
})
export const Leftovers = z.array(Leftover).meta({ description: 'Shifts that should have changed and were left alone' })

export const PostSummary = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    kind: z.string(),
    address: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    priority: z.int(),
    phone: z.string().nullable(),
    instructions: z.string().nullable(),
    active: z.boolean(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'PostSummary' })
export const Post = PostSummary.extend({ requirements: z.array(CoverRequirement) }).meta({ id: 'Post' })
export const ChangedPost = Post.extend({ leftovers: Leftovers }).meta({ id: 'ChangedPost' })

export const PostList = z.strictObject({
  ...pageQuery(['name', 'priority', 'createdAt']),
  unitId: Id.optional().meta({ description: 'Posts of this unit and all below it' }),
  kind: z.string().max(60).optional(),
  priority: z.coerce.number().int().min(1).max(9).optional(),
  active: z.stringbool().optional(),
})
export const PostPage = pageOf(PostSummary)
