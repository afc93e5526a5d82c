import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Posted {
  status: number
  ms: number
}

/**
 * One connection that is kept, and one request on it at a time. Written on the bare socket: on a small machine a client
 * that takes as long as the server would be what is measured.
 */
class Line {
  private readonly url: URL
  private readonly socket: Socket
  private answer = ''
  private done: ((status: number) => void) | undefined

  constructor(url: URL) {
    this.url = url
    this.socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    this.socket.setEncoding('latin1')
    this.socket.on('data', (chunk: string) => this.take(chunk))
    this.socket.on('error', () => {})
    this.socket.on('close', () => this.settle(0))
  }

  private take(chunk: string) {
    this.answer += chunk
    const end = this.answer.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.answer.slice(0, end))?.[1] ?? 0)
    if (this.answer.length >= end + 4 + length) this.settle(Number(this.answer.slice(9, 12)))
  }

  private settle(status: number) {
    this.answer = ''
    const { done } = this
    this.done = undefined
    done?.(status)
  }

  async send(method: string, path: string, body = ''): Promise<Posted> {
    const begun = performance.now()
    const status = await new Promise<number>((resolve) => {
      this.done = resolve
      const type = body ? 'content-type: application/x-www-form-urlencoded\r\n' : ''
      this.socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: ${this.url.host}\r\n${type}content-length: ${body.length}\r\n\r\n${body}`,
      )
    })
    return { status, ms: performance.now() - begun }
  }

  close() {
    this.socket.destroy()
  }
}

export interface Request {
  path: string
  method?: string
  body?: string
}

/** As fast as they are answered, over so many connections. */
export async function flatOut(url: string, requests: Request[], connections: number) {
  const lines = Array.from({ length: connections }, () => new Line(new URL(url)))
  const answers: Posted[] = []
  const waiting = requests.values()
  const begun = performance.now()
  await Promise.all(
    lines.map(async (line) => {
      for (const { method = 'POST', path, body } of waiting) answers.push(await line.send(method, path, body))
    }),
  )
  const seconds = (performance.now() - begun) / 1_000
  for (const line of lines) line.close()
  return { answers, perSecond: requests.length / seconds }
}

/** At a steady pace whether or not they are answered; each time is counted from the moment the request was due. */
export async function steadily(url: string, requests: Request[], perSecond: number): Promise<Posted[]> {
  const idle: Line[] = []
  const all: Line[] = []
  const answers: Promise<Posted>[] = []
  const begun = performance.now()
  for (const [n, { method = 'POST', path, body }] of requests.entries()) {
    const due = begun + (n * 1_000) / perSecond
    if (due > performance.now()) await sleep(due - performance.now())
    const late = performance.now() - due
    let line = idle.pop()
    if (!line) {
      line = new Line(new URL(url))
      all.push(line)
    }
    const taken = line
    const sent = taken.send(method, path, body).then(({ status, ms }) => {
      idle.push(taken)
      return { status, ms: ms + late }
    })
    answers.push(sent)
  }
  const found = await Promise.all(answers)
  for (const line of all) line.close()
  return found
}

/** The time within which that share of the answers came. */
export const quantile = (answers: Posted[], share: number): number => {
  const times = answers.map((one) => one.ms).sort((a, b) => a - b)
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
}
