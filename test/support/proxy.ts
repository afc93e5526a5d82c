import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a client and its PostgreSQL that can be broken. */
export interface Network extends AsyncDisposable {
  /** Of the database, by way of this network. */
  url: string
  /** Half-open from now on: what is connected stays so, but nothing gets through any more. */
  freeze(): void
  /** The same for the connection that was made last. */
  freezeLast(): void
  /** Lets nothing of new connections through either, until `thaw`. Those that were made meanwhile stay dead. */
  freezeNew(): void
  thaw(): void
  /** Whether the answer to this COMMIT is lost, and its connection with it; `silently` when nobody hears of that. */
  loseCommit: (n: number) => false | 'cut' | 'silently'
  /** How many answers to COMMIT were lost. */
  lost(): number
}

interface Link {
  isDead: boolean
  sockets: Socket[]
  commitNames: string[]
}

/** "Parse" with a name for this statement, which later on is bound by its name alone. */
const NAMED_COMMIT = /P[\s\S]{4}(\w+)\0commit\0/

function isCommit(bytes: Buffer, { commitNames }: Link): boolean {
  const name = NAMED_COMMIT.exec(bytes.toString('latin1'))?.[1]
  if (name) commitNames.push(name)
  return commitNames.some((known) => bytes.includes(`\0${known}\0`))
}

export async function startProxy(target: string): Promise<Network> {
  const { hostname, port } = new URL(target)
  const links = new Set<Link>()
  let [commits, lost, isFrozen] = [0, 0, false]

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const link: Link = { isDead: isFrozen, sockets: [client, upstream], commitNames: [] }
    links.add(link)
    client.on('data', (bytes) => {
      if (link.isDead) return
      if (isCommit(bytes, link)) {
        const how = proxy.loseCommit(commits++)
        if (how) lose(link, how)
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!link.isDead) client.write(bytes)
    })
    for (const socket of link.sockets) socket.setNoDelay(true).on('error', () => {})
    client.on('close', () => {
      links.delete(link)
      upstream.destroy()
    })
    upstream.on('close', () => {
      if (!link.isDead) client.destroy()
    })
  })
  const lose = (link: Link, how: 'cut' | 'silently') => {
    const [client, upstream] = link.sockets
    link.isDead = true
    lost += 1
    // The server has answered: it has committed.
    if (how === 'cut') upstream!.once('data', () => client!.destroy())
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  const freeze = () => {
    for (const link of links) link.isDead = true
  }
  const proxy: Network = {
    url: url.href,
    freeze,
    freezeLast() {
      for (const link of [...links].slice(-1)) link.isDead = true
    },
    freezeNew() {
      freeze()
      isFrozen = true
    },
    thaw() {
      isFrozen = false
    },
    loseCommit: () => false,
    lost: () => lost,
    async [Symbol.asyncDispose]() {
      for (const { sockets } of links) for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
