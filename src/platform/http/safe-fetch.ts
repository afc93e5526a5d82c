import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

export interface OutgoingRequest {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Milliseconds from the call to the last byte of the answer. */
  deadlineMs?: number
}

export interface Answer {
  status: number
  /** Lower-case names; of a repeated header the first. */
  headers: Record<string, string>
  /** Cut off at the cap, or where the deadline ended it. */
  body: string
}

/**
 * `forbidden`: the address is none we go to, and nobody was called. `unsent`: no connection came about. `unanswered`:
 * the request was handed over and may have had its effect.
 */
export type FetchFault = 'forbidden' | 'unsent' | 'unanswered'

export class FetchError extends Error {
  readonly fault: FetchFault
  constructor(fault: FetchFault, message: string) {
    super(message)
    this.name = 'FetchError'
    this.fault = fault
  }
}

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

export interface SafeFetchOptions {
  /** 'host' or 'host:port': may be called by plain HTTP, on any port, wherever they lie. */
  trusted?: readonly string[]
  /** Ports of everybody else. */
  ports?: readonly number[]
  /** Bytes of an answer that are kept. */
  maxBytes?: number
  /** Who turns names into addresses: the system, unless a test says otherwise. */
  resolve?: Resolve
}

export type SafeFetch = (url: string, request?: OutgoingRequest) => Promise<Answer>

const DEADLINE_MS = 15_000
const MAX_BYTES = 64 * 1024
const PORTS = [443, 8443]

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

/** Host without the brackets of IPv6 and without the dot of the root. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

export const isTrusted = (url: URL, trusted: readonly string[]): boolean => {
  const host = url.hostname.replace(/\.$/, '')
  return trusted.some((entry) => entry === host || entry === `${host}:${portOf(url)}`)
}

/** Why this address is not called, as far as its text tells; undefined when nothing is wrong with it. */
export function objectionTo(
  text: string,
  { trusted = [], ports = PORTS }: Pick<SafeFetchOptions, 'trusted' | 'ports'>,
): string | undefined {
  if (!URL.canParse(text)) return 'is not an address'
  const url = new URL(text)
  if (!['https:', 'http:'].includes(url.protocol)) return 'must begin with https://'
  if (url.username || url.password) return 'must not carry a login'
  if (isTrusted(url, trusted)) return undefined
  if (url.protocol !== 'https:') return 'must begin with https://'
  if (!ports.includes(portOf(url))) return `must use port ${ports.join(' or ')}`
  const host = hostOf(url)
  return isIP(host) && !isPublicAddress(host) ? 'does not lie on the open internet' : undefined
}

/**
 * The check sits between the resolver and the connection, so what was checked is what is connected to. One forbidden
 * address among several refuses the name.
 */
const guardedLookup =
  (resolve: Resolve): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const bad = addresses.find(({ address }) => !isPublicAddress(address))
      if (bad || addresses.length === 0) {
        return done(new FetchError('forbidden', `${host} does not lie on the open internet.`), '', 0)
      }
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }

/** Reads up to the cap; what comes later, or too late, is left unread. */
async function read(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= maxBytes) break
    }
  } catch {
    // The status has arrived; of the rest there is what there is.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8')
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = [value].flat()[0]
      return first === undefined ? [] : [[name, first]]
    }),
  )

function exchange(
  url: URL,
  given: OutgoingRequest,
  lookup: LookupFunction | undefined,
  maxBytes: number,
): Promise<Answer> {
  const { method = 'GET', headers = {}, body, deadlineMs = DEADLINE_MS } = given
  const secure = url.protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false })
  let handedOver = false
  let answered = false
  let request: ClientRequest
  let timer: NodeJS.Timeout
  const answer = new Promise<Answer>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { method, agent, lookup, headers: { 'user-agent': 'watchbill', ...headers, ...length } }
    request = (secure ? requestHttps : requestHttp)(url, options)
    timer = setTimeout(() => request.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        handedOver = true
      })
    })
    request.on('error', (error) => {
      if (answered) return
      if (error instanceof FetchError) return reject(error)
      const { code } = error as NodeJS.ErrnoException
      const words = [code, error.message].filter(Boolean).join(': ')
      reject(new FetchError(handedOver ? 'unanswered' : 'unsent', words.slice(0, 300)))
    })
    request.on('response', async (response) => {
      answered = true
      const text = await read(response, maxBytes)
      resolve({ status: response.statusCode!, headers: headersOf(response), body: text })
    })
    request.end(body)
  })
  return answer.finally(() => {
    clearTimeout(timer)
    request.destroy()
    agent.destroy()
  })
}

/**
 * HTTP to the outside: one connection, one deadline, no redirects, a cap on the answer, and no way into networks that
 * are not public unless a setting names the host. Throws a FetchError, and nothing else, when there is no answer.
 */
export function createSafeFetch({
  trusted = [],
  ports = PORTS,
  maxBytes = MAX_BYTES,
  resolve = systemLookup as Resolve,
}: SafeFetchOptions = {}): SafeFetch {
  const guarded = guardedLookup(resolve)
  return async (text, request = {}) => {
    const objection = objectionTo(text, { trusted, ports })
    if (objection) throw new FetchError('forbidden', `The address ${objection}.`)
    const url = new URL(text)
    return exchange(url, request, isTrusted(url, trusted) ? undefined : guarded, maxBytes)
  }
}
