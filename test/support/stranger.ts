import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document and answers are looked into freely here
type Json = any

interface Operation {
  method: string
  path: string
  spec: Json
}

export interface Request {
  path?: Record<string, string>
  query?: Record<string, string | number | boolean>
  body?: unknown
  headers?: Record<string, string>
  /** Sent as it is, with this content type. */
  raw?: { type: string; body: string }
}

export interface Reply {
  status: number
  headers: Headers
  body: Json
}

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void
const pointer = (...parts: string[]) => parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')

function operationsOf(document: Json): Map<string, Operation> {
  const operations = new Map<string, Operation>()
  for (const [path, item] of Object.entries<Json>(document.paths)) {
    for (const [method, spec] of Object.entries<Json>(item)) {
      if (spec.operationId) operations.set(spec.operationId, { method, path, spec })
    }
  }
  return operations
}

/**
 * Somebody who knows nothing but the OpenAPI document: calls operations by their id, sends only what the document
 * names, and refuses any answer that the document does not describe.
 */
export async function meetStranger(url: string, key: string) {
  const document: Json = await (await fetch(`${url}/docs/json`)).json()
  const operations = operationsOf(document)
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(document, 'openapi')

  const check = (what: string, schemaPath: string, value: unknown) => {
    const validate = ajv.getSchema(`openapi#/${schemaPath}`) ?? ajv.compile({ $ref: `openapi#/${schemaPath}` })
    if (!validate(value))
      throw new Error(
        `${what} is not as documented: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value).slice(0, 2_000)}`,
      )
  }

  const responseKey = ({ spec }: Operation, status: number): string => {
    const known = Object.keys(spec.responses)
    const found = [String(status), `${String(status)[0]}XX`, 'default'].find((name) => known.includes(name))
    if (!found)
      throw new Error(
        `${spec.operationId} answered ${status}, which its documentation does not name (${known.join(', ')})`,
      )
    return found
  }

  function addressOf({ path, spec }: Operation, request: Request): URL {
    const names = new Map<string, Json>((spec.parameters ?? []).map((one: Json) => [`${one.in}:${one.name}`, one]))
    for (const name of Object.keys(request.path ?? {}))
      if (!names.has(`path:${name}`)) throw new Error(`no path parameter ${name}`)
    for (const name of Object.keys(request.query ?? {})) {
      if (!names.has(`query:${name}`)) throw new Error(`${spec.operationId} documents no query parameter ${name}`)
    }
    for (const one of names.values()) {
      const given = one.in === 'path' ? request.path : one.in === 'query' ? request.query : request.headers
      if (one.required && given?.[one.name] === undefined)
        throw new Error(`${spec.operationId} needs ${one.in} ${one.name}`)
    }
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(request.path![name]!))
    const address = new URL(filled, url)
    for (const [name, value] of Object.entries(request.query ?? {})) address.searchParams.set(name, String(value))
    return address
  }

  /** Calls an operation and answers whatever came, as long as it is documented. */
  async function ask(operationId: string, request: Request = {}): Promise<Reply> {
    const operation = operations.get(operationId)
    if (!operation)
      throw new Error(`The document knows no operation ${operationId}. It knows: ${[...operations.keys()].join(', ')}`)
    const address = addressOf(operation, request)
    if (request.body !== undefined) {
      const at = pointer(
        'paths',
        operation.path,
        operation.method,
        'requestBody',
        'content',
        'application/json',
        'schema',
      )
      check(`The body of ${operationId}`, at, request.body)
    }
    const response = await fetch(address, {
      method: operation.method.toUpperCase(),
      headers: {
        authorization: `Bearer ${key}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.raw ? { 'content-type': request.raw.type } : {}),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.raw ? { body: request.raw.body } : {}),
    })
    // Response.text() would take the byte order mark away.
    const text = Buffer.from(await response.arrayBuffer()).toString()
    const type = response.headers.get('content-type') ?? ''
    const body = type.includes('json') && text ? JSON.parse(text) : text
    const name = responseKey(operation, response.status)
    const content = operation.spec.responses[name].content
    if (content && type.includes('json')) {
      const media = Object.keys(content).find((one) => one.includes('json'))!
      check(
        `The answer ${response.status} of ${operationId}`,
        pointer('paths', operation.path, operation.method, 'responses', name, 'content', media, 'schema'),
        body,
      )
    }
    return { status: response.status, headers: response.headers, body }
  }

  return {
    document,
    operations,
    ask,
    /** Calls an operation that has to succeed. */
    async must(operationId: string, request: Request = {}): Promise<Reply> {
      const reply = await ask(operationId, request)
      if (reply.status >= 400) throw new Error(`${operationId} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
      return reply
    },
  }
}

export type Stranger = Awaited<ReturnType<typeof meetStranger>>
