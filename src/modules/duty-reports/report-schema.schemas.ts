import { z } from 'zod'
import type { EventsField, FieldGroup, ReportField, ReportSchema } from './duty-reports.types.ts'

/** A form with more than this could not be filled in by hand, and its page would grow too large. */
const MOST_FIELDS = 40
const MOST_COLUMNS = 8
export const MOST_ROWS = 30

const Text = (max: number) => z.string().trim().min(1).max(max)
export const Worded = z
  .strictObject({ zh: Text(200).optional(), en: Text(200).optional(), bo: Text(200).optional() })
  .refine((words) => Object.values(words).some(Boolean), {
    error: 'needs words in at least one language (zh, en, bo)',
    params: { code: 'words-needed' },
  })

const Key = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, {
  error: 'begins with a letter and has letters, digits and _ only, at most 40',
})

const titled = {
  title: Text(200).optional(),
  description: Text(500).optional(),
  'x-titles': Worded.optional().meta({ description: 'Titles by language (zh, en, bo)' }),
}
const Size = z.int().min(0).max(2000)

const NumberField = z
  .strictObject({
    ...titled,
    type: z.enum(['integer', 'number']),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  })
  .refine(({ minimum, maximum }) => minimum === undefined || maximum === undefined || minimum <= maximum, {
    path: ['maximum'],
    error: 'is less than the minimum',
    params: { code: 'maximum-below-minimum' },
  })

const StringField = z
  .strictObject({
    ...titled,
    type: z.literal('string'),
    enum: z
      .array(Text(60))
      .min(1)
      .max(30)
      .refine((words) => new Set(words).size === words.length, {
        error: 'names a word twice',
        params: { code: 'enum-twice' },
      })
      .optional(),
    'x-enum-titles': z.record(z.string(), Worded).optional(),
    minLength: Size.optional(),
    maxLength: Size.min(1).optional(),
    format: z.enum(['date', 'time']).optional().meta({ description: 'time: HH:mm' }),
  })
  .refine(({ enum: words, format, minLength, maxLength }) => !words || (!format && !minLength && !maxLength), {
    path: ['enum'],
    error: 'goes with neither format nor lengths',
    params: { code: 'enum-alone' },
  })
  .refine(({ minLength = 0, maxLength = 2000 }) => minLength <= maxLength, {
    path: ['maxLength'],
    error: 'is less than minLength',
    params: { code: 'maximum-below-minimum' },
  })

const BooleanField = z.strictObject({ ...titled, type: z.literal('boolean') })
const Scalar = z.discriminatedUnion('type', [NumberField, StringField, BooleanField])

const requiredKnown = {
  path: ['required'],
  error: 'names a property that is not there',
  params: { code: 'required-unknown' },
}
const namesKnown = ({ required = [], properties }: { required?: string[] | undefined; properties: object }) =>
  required.every((name) => Object.hasOwn(properties, name))

const Required = z.array(Key).max(MOST_FIELDS).optional()
const Closed = z.literal(false).optional()

const Group = z
  .strictObject({
    type: z.literal('object'),
    properties: z.record(Key, Scalar).refine((all) => Object.keys(all).length <= MOST_COLUMNS, {
      error: `An event has at most ${MOST_COLUMNS} fields.`,
      params: { code: 'too-many-fields' },
    }),
    required: Required,
    additionalProperties: Closed,
  })
  .refine(namesKnown, requiredKnown)

const Events = z.strictObject({
  ...titled,
  type: z.literal('array'),
  items: Group,
  minItems: z.int().min(0).max(MOST_ROWS).optional(),
  maxItems: z.int().min(1).max(MOST_ROWS).optional(),
})

const Field = z.discriminatedUnion('type', [NumberField, StringField, BooleanField, Events])

const sizeOf = (field: { type: string; items?: { properties: object } }) =>
  field.items ? 3 * Object.keys(field.items.properties).length : 1

/** JSON Schema 2020-12 in the part that forms can be made from; everything else is refused by name. */
export const ReportSchemaInput = z
  .strictObject({
    ...titled,
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional(),
    type: z.literal('object'),
    properties: z
      .record(Key, Field)
      .refine((all) => Object.values(all).reduce((sum, field) => sum + sizeOf(field), 0) <= MOST_FIELDS, {
        error: `A form has at most ${MOST_FIELDS} fields; of a list of events three rows count.`,
        params: { code: 'too-many-fields' },
      }),
    required: Required,
    additionalProperties: Closed,
  })
  .refine(namesKnown, requiredKnown)
  .meta({
    id: 'ReportSchema',
    description:
      'JSON Schema 2020-12, restricted to what a form can be made from: an object of integers, numbers, strings ' +
      '(enum; or minLength, maxLength, format date or time), booleans, and arrays of objects of these. Titles in ' +
      'languages stand in `x-titles` and `x-enum-titles`.',
  })

/** What ajv is given: closed at every level, without what only forms read. */
export function strictSchema(schema: ReportSchema): object {
  const bare = (field: ReportField): object => {
    const { 'x-titles': _titles, title: _title, description: _description, ...rest } = field
    if (rest.type === 'array') return { ...rest, items: group(rest.items) }
    if ('x-enum-titles' in rest) {
      const { 'x-enum-titles': _enumTitles, ...plain } = rest
      return plain
    }
    return 'format' in rest && rest.format === 'time' ? { ...rest, format: 'wall-time' } : rest
  }
  const group = ({ properties, required }: FieldGroup | ReportSchema) => ({
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, bare(field)])),
    required: required ?? [],
    additionalProperties: false,
  })
  return group(schema)
}

export const isEvents = (field: ReportField): field is EventsField => field.type === 'array'
