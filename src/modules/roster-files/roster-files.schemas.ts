import { z } from 'zod'
import { ExportGrounds } from '../../platform/http/schemas.ts'

const Lang = z.enum(['zh', 'en']).default('zh')

export const RosterFileQuery = z.strictObject({
  format: z.enum(['xlsx', 'pdf']).default('pdf'),
  lang: Lang,
  version: z
    .union([z.literal('draft'), z.coerce.number().int().min(1).max(1_000_000)], {
      error: "is neither the number of a published version nor 'draft'",
    })
    .optional()
    .meta({ description: 'A published version, or the draft; when left out the newest version, else the draft' }),
  ...ExportGrounds,
})

export const SheetQuery = z.strictObject({ lang: Lang })
