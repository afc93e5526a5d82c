import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isLocalTime } from '../../time/zones.ts'
import type { Content, ReportSchema } from './duty-reports.types.ts'
import { strictSchema } from './report-schema.schemas.ts'

/** What is wrong with one field of a report. */
export interface ContentFault {
  /** JSON pointer into the content; '' for the whole. */
  pointer: string
  /** Keyword of JSON Schema that does not hold. */
  code: string
  detail: string
  /** The number or word the keyword asks for. */
  wanted: string
}

const formats = addFormats as unknown as typeof addFormats.default

function validatorOf(schema: ReportSchema) {
  // One instance for each: it would remember every schema it has ever seen.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, validateFormats: true })
  formats(ajv, ['date'])
  ajv.addFormat('wall-time', isLocalTime)
  return ajv.compile(strictSchema(schema))
}

/** Validators of the newest versions of obligations; a schema object read again is another one. */
const known = new Map<string, ReturnType<typeof validatorOf>>()
const MOST_KNOWN = 200

function remembered(schema: ReportSchema, key: string) {
  const found = known.get(key) ?? validatorOf(schema)
  known.delete(key)
  known.set(key, found)
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!)
  return found
}

/** Why ajv does not take the schema; undefined when it does. */
export function schemaFault(schema: ReportSchema): string | undefined {
  try {
    validatorOf(schema)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const faultOf = ({ instancePath, keyword, params, message }: ErrorObject): ContentFault => {
  const inner = (params as { missingProperty?: string; additionalProperty?: string }) ?? {}
  const name = inner.missingProperty ?? inner.additionalProperty
  const wanted = params.limit ?? params.format ?? params.type ?? params.allowedValues?.join(', ') ?? ''
  return {
    pointer: name === undefined ? instancePath : `${instancePath}/${name}`,
    code: keyword === 'additionalProperties' ? 'field-unknown' : keyword,
    detail: `${message ?? 'is wrong'}${keyword === 'enum' ? `: ${wanted}` : ''}`,
    wanted: String(wanted),
  }
}

/** All that is wrong with a report, field by field. `key` names the schema for good, such as 'obligation/version'. */
export function checkContent(schema: ReportSchema, key: string, content: unknown): ContentFault[] {
  const validate = remembered(schema, key)
  if (validate(content)) return []
  return (validate.errors ?? []).map(faultOf)
}

export const asContent = (content: unknown): Content => content as Content
