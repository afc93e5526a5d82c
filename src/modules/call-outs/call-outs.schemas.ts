import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Flag, Id, Instant, Line, Version } from '../../platform/http/schemas.ts'
import { parseLength } from '../../time/lengths.ts'
import { isLocalDateTime } from '../../time/zones.ts'
import { Language } from '../volunteers/volunteers.schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { CALL_OUT_STATES, CALL_STATES } from './call-outs.tables.ts'

const Sources = z
  .array(z.strictObject({ kind: z.enum(['set', 'echelon', 'unit', 'crew']), id: Id }))
  .min(1)
  .max(200)
  .refine((list) => new Set(list.map((one) => one.id)).size === list.length, {
    error: 'names the same twice',
    params: { code: 'source-twice' },
  })
  .meta({ description: 'Where people are called from, in this order; a crew is called as a whole' })

const People = z.int().min(1).max(500)

export const NewCallOut = z
  .strictObject({
    postId: Id.meta({ description: 'Where people are wanted' }),
    reason: Line(300).meta({ description: 'What it is about, as people are told' }),
    role: Line(60).default('volunteer'),
    people: People.optional().meta({ description: 'How many; the first crew as a whole when left out' }),
    startLocal: z
      .string()
      .refine(isLocalDateTime, {
        error: 'is not a local time, written YYYY-MM-DDTHH:mm',
        params: { code: 'time-wrong' },
      })
      .optional()
      .meta({ description: "Wall time at the post's unit; now when left out" }),
    length: z
      .string()
      .refine((text) => parseLength(text).ok, {
        error: 'is not a length such as PT8H',
        params: { code: 'length-wrong' },
      })
      .meta({ example: 'PT8H' }),
    from: Sources,
    qualificationIds: z.array(Id).max(50).default([]).meta({ description: 'Every one is needed' }),
    grades: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
    personClasses: z.array(z.enum(PERSON_CLASSES)).default([]),
    languages: z.array(Language).max(20).default([]).meta({ description: 'Every one is needed' }),
    answerMinutes: z.int().min(1).max(1_440).optional().meta({ description: 'How long an answer is waited for' }),
    crewLeast: People.optional().meta({
      description: 'So many of one crew are enough; with fewer by the time to answer, the next crew is called as well',
    }),
  })
  .refine(({ people, from }) => people !== undefined || from.some((one) => one.kind === 'crew'), {
    path: ['people'],
    error: 'is needed where no crew is called',
    params: { code: 'people-needed' },
    when: ({ value }: { value: unknown }) => z.object({ from: Sources }).safeParse(value).success,
  })

export const MorePeople = z
  .strictObject({ people: People.optional(), from: Sources.optional() })
  .refine(({ people, from }) => people !== undefined || from !== undefined, {
    error: 'needs people, from or both',
    params: { code: 'more-of-what' },
  })
export const CallOutReason = z.strictObject({ reason: Line(300) })

export const CallTally = z
  .object({
    state: z.enum(CALL_OUT_STATES),
    wanted: z.int(),
    stillNeeded: z.int(),
    short: z.boolean().meta({ description: 'Nobody is left to call although people are missing' }),
    asked: z.int(),
    read: z.int(),
    coming: z.int(),
    notComing: z.int(),
    silent: z.int(),
    spare: z.int().meta({ description: 'Would have come when enough came already' }),
    passedOver: z.int(),
    crews: z.array(
      z.object({
        crewId: Id,
        name: z.string(),
        asked: z.int(),
        read: z.int(),
        coming: z.int(),
        notComing: z.int(),
        silent: z.int(),
        spare: z.int(),
        passedOver: z.int(),
      }),
    ),
  })
  .meta({ id: 'CallTally' })

export const CallOut = z
  .object({
    id: Id,
    unitId: Id,
    postId: Id,
    postName: z.string(),
    rosterId: Id.meta({ description: 'The roster its duties belong to: one of its own, beside every plan' }),
    shiftId: Id,
    reason: z.string(),
    role: z.string(),
    wanted: z.int(),
    state: z.enum(CALL_OUT_STATES),
    startLocal: z.string(),
    endLocal: z.string(),
    zone: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    answerMinutes: z.int(),
    crewLeast: z.int().nullable(),
    tiers: z.array(
      z.object({
        kind: z.enum(['echelon', 'unit', 'crew']),
        id: Id,
        name: z.string(),
        state: z.enum(['done', 'calling', 'waiting']),
      }),
    ),
    createdAt: Instant,
    endedAt: Instant.nullable(),
    version: Version,
  })
  .meta({ id: 'CallOut' })
export const CallOutDetail = CallOut.extend({ tally: CallTally }).meta({ id: 'CallOutDetail' })
export const CallOutList = z.strictObject({
  ...pageQuery(['createdAt']),
  state: z.enum(CALL_OUT_STATES).optional(),
  unitId: Id.optional().meta({ description: 'Call-outs of this unit and all below it' }),
})
export const CallOutPage = pageOf(CallOut)

export const Call = z
  .object({
    id: Id,
    volunteerId: Id,
    displayName: z.string(),
    homeUnit: z.string(),
    crewId: Id.nullable(),
    crewName: z.string().nullable(),
    state: z.enum(CALL_STATES),
    because: z.string().nullable().meta({ description: 'Why somebody was passed over' }),
    askedAt: Instant,
    answerBy: Instant,
    readAt: Instant.nullable(),
    decidedAt: Instant.nullable(),
    assignmentId: Id.nullable(),
  })
  .meta({ id: 'Call', description: 'One person called, whether they have read it, and what they said' })
export const CallList = z.strictObject({
  ...pageQuery(['askedAt']),
  state: z.enum(CALL_STATES).optional(),
  read: Flag.optional().meta({ description: 'false: those who have not read it' }),
  crewId: Id.optional(),
})
export const CallPage = pageOf(Call)

export const PageAnswer = z.object({ answer: z.enum(['coming', 'not_coming', 'read', 'withdraw']) })
