/** Words by language; what is missing is said in Chinese, and failing that in whatever there is. */
export interface Worded {
  zh?: string | undefined
  en?: string | undefined
  bo?: string | undefined
}

/** One who files: a person, or whoever holds a seat at a post when the report is due. */
export type Reporter = { volunteerId: string } | { postId: string; role?: string | undefined }

/** One who reads: a person, the responsible people of a unit, or somebody outside with an address. */
export type Addressee =
  | { volunteerId: string }
  | { unitId: string }
  | { name: string; channel: 'email' | 'sms' | 'wecom' | 'log'; address: string; locale?: 'zh' | 'en' | undefined }

/** `onward`: to whom this reader passes it on, by a button of theirs. */
export type Receiver = Addressee & { onward?: Addressee[] | undefined }

export type Scalar = string | number | boolean
export type EventEntry = Record<string, Scalar>
/** What a report says: figures by name, and lists of events. */
export type Content = Record<string, Scalar | EventEntry[]>

interface Titled {
  title?: string | undefined
  description?: string | undefined
  /** Titles by language, beside the standard `title`. */
  'x-titles'?: Worded | undefined
}

export type ScalarField = Titled &
  (
    | { type: 'integer' | 'number'; minimum?: number | undefined; maximum?: number | undefined }
    | { type: 'string'; enum: string[]; 'x-enum-titles'?: Record<string, Worded> | undefined }
    | {
        type: 'string'
        minLength?: number | undefined
        maxLength?: number | undefined
        format?: 'date' | 'time' | undefined
      }
    | { type: 'boolean' }
  )

export interface FieldGroup {
  type: 'object'
  properties: Record<string, ScalarField>
  required?: string[] | undefined
  additionalProperties?: false | undefined
}

export type EventsField = Titled & {
  type: 'array'
  items: FieldGroup
  minItems?: number | undefined
  maxItems?: number | undefined
}

export type ReportField = ScalarField | EventsField

/** The part of JSON Schema 2020-12 that forms can be made from. */
export type ReportSchema = Titled & {
  $schema?: 'https://json-schema.org/draft/2020-12/schema' | undefined
  type: 'object'
  properties: Record<string, ReportField>
  required?: string[] | undefined
  additionalProperties?: false | undefined
}
