import { z } from 'zod'
import { Id } from '../../platform/http/schemas.ts'

export const IMPORT_MODES = ['preview', 'commit'] as const

export const ImportQuery = z.strictObject({
  unitId: Id.meta({ description: 'Unit the people come into; unit codes of the file name it or units below' }),
  mode: z.enum(IMPORT_MODES).default('preview'),
})

/** Reaches the service as a stream, so there is nothing to check here. */
export const ImportBody = z.unknown().meta({ type: 'string', description: 'The file' })

const ImportError = z
  .object({
    row: z.int().meta({ description: 'As a spreadsheet counts: the row of headers is 1' }),
    column: z.string().nullable().meta({ description: 'null where the row as a whole is wrong' }),
    code: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'ImportError' })

const PreviewRow = z
  .object({
    row: z.int(),
    outcome: z.enum(['create', 'update', 'unchanged', 'wrong']),
    personNumber: z.string().nullable(),
    displayName: z.string().nullable(),
    changes: z.array(z.string()).meta({ description: 'Fields that would be, or were, changed' }),
  })
  .meta({ id: 'ImportPreviewRow' })

export const ImportReport = z
  .object({
    mode: z.enum(IMPORT_MODES),
    committed: z.boolean(),
    counts: z.object({
      rows: z.int(),
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      wrong: z.int(),
    }),
    errors: z.array(ImportError).meta({ description: 'The first 1,000' }),
    errorsTotal: z.int(),
    preview: z.array(PreviewRow).meta({ description: 'The first 20 rows' }),
  })
  .meta({ id: 'ImportReport' })
