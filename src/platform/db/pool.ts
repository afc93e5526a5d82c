import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

/** What a connection needs to be found dead in seconds where the network says nothing, in seconds. */
const KEEP_ALIVE = 10
const CONNECT_TIMEOUT = 5
/** Seconds between two tries to connect: a database that comes back is to be found again soon. */
const backoff = (tries: number) => Math.min(0.02 * 2 ** tries, 0.5)

/** The same for the server, about us: it gives up what a client that has vanished left open. Milliseconds have _ms. */
const SERVER_KEEP_ALIVE = { tcp_keepalives_idle: 30, tcp_keepalives_interval: 10, tcp_keepalives_count: 3 }

/** The driver ends its connections in order; what is left of them then is cut. */
const CUT_AFTER_MS = 500

export type PoolOptions = postgres.Options<Record<string, never>>

/** A pool of connections that can be left for a new one. */
export interface Pool {
  client: postgres.Sql
  /** Answers so far: while it grows, the database is there. */
  answers: number
  /** Gives what is under way so many seconds, and then takes its connections away, whether they answer or not. */
  end(seconds: number): Promise<void>
}

interface Target {
  host: string[]
  port: number[]
  path: string | false
}

/** As the driver makes them, but they stay in sight: it knows no way to let go of one that does not answer. */
function socketsInSight() {
  const sockets = new Set<Socket>()
  let made = 0
  const open = ({ host, port, path }: Target): Socket => {
    for (const socket of sockets) if (socket.destroyed) sockets.delete(socket)
    const at = made++ % host.length
    const address = { host: host[at]!, port: port[at]! }
    const socket = path ? connect(path) : Object.assign(connect(address), address)
    sockets.add(socket)
    return socket
  }
  const destroy = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { open, destroy }
}

export function openPool(url: string, options: PoolOptions): Pool {
  const sockets = socketsInSight()
  const client = postgres(url, {
    onnotice: () => {},
    connect_timeout: CONNECT_TIMEOUT,
    keep_alive: KEEP_ALIVE,
    backoff,
    ...options,
    connection: { ...SERVER_KEEP_ALIVE, ...options.connection },
    ...{ socket: sockets.open },
  })
  return {
    client,
    answers: 0,
    async end(seconds) {
      const waited = new AbortController()
      const cut = sleep(seconds * 1_000 + CUT_AFTER_MS, undefined, waited)
      // The driver's own end may never come where connections were lost.
      await Promise.race([client.end({ timeout: seconds }), cut]).finally(() => waited.abort())
      sockets.destroy()
    },
  }
}
