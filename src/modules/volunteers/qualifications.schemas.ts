import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, Line, LocalDate } from '../../platform/http/schemas.ts'
import { QUALIFICATION_KINDS } from './volunteers.tables.ts'

/** No blank, no `;` and no `@`: files separate codes and dates with them. */
export const QualificationCode = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\s;；@\p{Cc}]+$/u, { error: 'has no blank, no ";" and no "@"' })
  .meta({ example: 'first-aid' })

const Kind = z.enum(QUALIFICATION_KINDS).meta({
  description:
    'clearance: insurance, training or admission, asked for by the rule `clearance`; skill: by `qualification`',
})

export const NewQualification = z.strictObject({
  code: QualificationCode,
  name: Line(200),
  kind: Kind.default('skill'),
})
export const QualificationPatch = z
  .strictObject({ name: Line(200), kind: Kind })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: 'says nothing', params: { code: 'nothing-to-change' } })

export const Qualification = z
  .object({ id: Id, code: z.string(), name: z.string(), kind: Kind, createdAt: Instant })
  .meta({ id: 'Qualification' })

export const QualificationList = z.strictObject({
  ...pageQuery(['code', 'name']),
  code: Line(60).optional(),
  kind: Kind.optional(),
})
export const QualificationPage = pageOf(Qualification)

const NewHolding = z
  .strictObject({
    qualificationId: Id,
    validFrom: Day.nullish().meta({ description: 'First day on which it holds; always when left out' }),
    validTo: Day.nullish().meta({ description: 'First day on which it no longer holds; for ever when left out' }),
  })
  .refine(({ validFrom, validTo }) => !validFrom || !validTo || validTo > validFrom, {
    path: ['validTo'],
    error: 'comes before validFrom',
    params: { code: 'validity-upside-down' },
  })

export const NewHoldings = z
  .array(NewHolding)
  .max(50)
  .refine((list) => new Set(list.map((one) => `${one.qualificationId} ${one.validFrom ?? ''}`)).size === list.length, {
    error: 'names the same qualification twice from the same day on',
    params: { code: 'qualification-twice' },
  })
  .meta({ description: 'What the person is qualified for; the list replaces the one before' })

export const Holding = z
  .object({
    qualificationId: Id,
    code: z.string(),
    name: z.string(),
    validFrom: LocalDate.nullable(),
    validTo: LocalDate.nullable(),
  })
  .meta({ id: 'Holding', description: 'A qualification a person holds; `validTo` is the first day without it' })
