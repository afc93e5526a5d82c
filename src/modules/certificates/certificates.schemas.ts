import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, LocalDate } from '../../platform/http/schemas.ts'
import { CERTIFICATE_STATES, isIdCardNumber } from './certificates.rules.ts'
import { CERTIFICATE_KINDS, CERTIFICATE_LANGUAGES, DOCUMENT_TYPES } from './certificates.types.ts'

const Kind = z.enum(CERTIFICATE_KINDS).meta({
  description: 'service: hours given as a volunteer; duty: a statement of hours on duty as somebody else',
})

const IdentityDocument = z
  .strictObject({
    type: z.enum(DOCUMENT_TYPES),
    number: z
      .string()
      .transform((text) => text.normalize('NFKC').replace(/\s/g, '').toUpperCase())
      .pipe(z.string().min(4).max(40)),
    whole: z.boolean().default(false).meta({ description: 'Printed whole, because its holder asks for it' }),
  })
  .refine(({ type, number }) => type !== 'id-card' || isIdCardNumber(number), {
    path: ['number'],
    error: 'is not the number of an identity card: its check digit does not fit.',
    params: { code: 'id-number-wrong' },
  })

export const NewCertificate = z
  .strictObject({
    from: Day.meta({ description: 'First local day of duty' }),
    to: Day.meta({ description: 'First local day that is no longer in' }),
    lang: z.enum(CERTIFICATE_LANGUAGES).default('zh'),
    kind: Kind.optional().meta({ description: 'By the class of the person when left out' }),
    draft: z.boolean().default(false).meta({ description: 'Only prepare it; `:issue` issues it' }),
    document: IdentityDocument.optional().meta({
      description: 'What the person shows who they are with. Only what is printed of its number is kept',
    }),
    issuerUnitId: Id.optional().meta({
      description: 'Issues it, from the records of its own and all below it; the home unit when left out',
    }),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    error: '`to` is the first day that is no longer in, so it comes after `from`.',
    params: { code: 'to-not-after-from' },
  })

export const RevokeCertificate = z.strictObject({ reason: z.string().trim().min(1).max(500) })

export const Certificate = z
  .object({
    id: Id,
    number: z.string().meta({ example: '2026-000123' }),
    checkCode: z.string().meta({ example: 'K7QM-2X9D-04TZ' }),
    verifyUrl: z.url().meta({ description: 'A page for anybody, that says whether the paper is valid' }),
    kind: Kind,
    state: z.enum(CERTIFICATE_STATES).meta({
      description: 'issued: its public notice runs; noticed: the notice is over; both are valid',
    }),
    noticeEndsOn: LocalDate.nullable().meta({ description: 'First day after its public notice' }),
    volunteerId: Id,
    unitId: Id.meta({ description: 'Issuer' }),
    lang: z.enum(CERTIFICATE_LANGUAGES),
    from: LocalDate,
    to: LocalDate,
    name: z.string(),
    personNumber: z.string().nullable(),
    document: z
      .object({ type: z.enum(DOCUMENT_TYPES), number: z.string().meta({ example: '330***********0010' }) })
      .nullable()
      .meta({ description: 'As it is printed' }),
    issuer: z.string(),
    minutes: z.int().meta({ description: 'Elapsed, without travel' }),
    hours: z.string().meta({ description: 'From the summed minutes, two decimals' }),
    duties: z.int(),
    posts: z.array(z.object({ name: z.string(), duties: z.int(), minutes: z.int() })),
    issuedAt: Instant,
    issuedBy: z.string(),
    revokedAt: Instant.nullable(),
    revokedReason: z.string().nullable(),
  })
  .meta({ id: 'Certificate', description: 'What was certified, as it was when the paper was issued' })

export const CertificateList = z.strictObject(pageQuery(['issuedAt']))
export const CertificatePage = pageOf(Certificate)

export const NoticeList = z.strictObject(pageQuery(['-issuedAt', 'issuedAt']))
export const Notice = z
  .object({
    id: Id,
    number: z.string(),
    name: z.string().meta({ description: 'Masked' }),
    issuer: z.string(),
    kind: Kind,
    hours: z.string(),
    from: LocalDate,
    to: LocalDate,
    issuedAt: Instant,
    noticeEndsOn: LocalDate,
  })
  .meta({ id: 'CertificateNotice' })
export const NoticePage = pageOf(Notice)
