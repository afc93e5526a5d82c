import { createHook } from 'node:async_hooks'
import type { LookupAddress } from 'node:dns'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../../src/platform/http/public-address.ts'
import { createSafeFetch, FetchError, type SafeFetchOptions } from '../../../src/platform/http/safe-fetch.ts'

/** Attempts of this process to open a TCP connection, whether or not anybody listens. */
let connections = 0
const watch = createHook({
  init(_id, type) {
    if (type === 'TCPCONNECTWRAP') connections += 1
  },
})
const leftOpen: (() => void)[] = []
beforeEach(() => {
  connections = 0
  watch.enable()
})
afterEach(() => {
  watch.disable()
  for (const close of leftOpen.splice(0)) close()
})

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  leftOpen.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const faultOf = async (url: string, options?: SafeFetchOptions, deadlineMs = 2_000) => {
  try {
    const { status } = await createSafeFetch(options)(url, { deadlineMs })
    return `answered ${status}`
  } catch (error) {
    return error instanceof FetchError ? error.fault : `threw ${error}`
  }
}

const HOSTILE_HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7F.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '0177.0x0.1',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '167772161',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.255.255',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:8.8.8.8]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::a00:1]',
  '[100::1]',
  '[2001::1]',
  '[2001:0:7f00:1::]',
  '[2001:10::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::]',
  '[3fff::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff0e::1]',
]
const HOSTILE_FORMS = [
  'http://example.org/',
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://example.org/',
  'data:text/plain,hi',
  'javascript:alert(1)',
  'https://user:secret@example.org/',
  'https://example.org@127.0.0.1/',
  'https://127.0.0.1#@example.org/',
  'https://127.0.0.1\\@example.org/',
  'https://example.org:22/',
  'https://example.org:6379/',
  'https://example.org:80/',
  'https://[::1%25lo]/',
  'https://[fe80::1%eth0]/',
  'https:///127.0.0.1/',
  '//127.0.0.1/',
  'nonsense',
  '',
]

describe('nobody is called', () => {
  test.each([...HOSTILE_HOSTS.map((host) => `https://${host}/`), ...HOSTILE_FORMS])('at %s', async (url) => {
    expect(await faultOf(url)).toBe('forbidden')
    expect(connections).toBe(0)
  })

  test('and there are enough of them', () => {
    expect(HOSTILE_HOSTS.length + HOSTILE_FORMS.length).toBeGreaterThanOrEqual(60)
  })

  test.each(['localhost', 'LOCALHOST', 'localhost.'])('at %s, as the system resolves it', async (host) => {
    // Some systems do not know the name with the dot of the root.
    expect(await faultOf(`https://${host}/`)).toMatch(host.endsWith('.') ? /forbidden|unsent/ : /forbidden/)
    expect(connections).toBe(0)
  })

  const resolver = (...answers: string[][]) => {
    let asked = 0
    const resolve: SafeFetchOptions['resolve'] = (_host, _options, done) => {
      const addresses = answers[Math.min(asked, answers.length - 1)]!
      asked += 1
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }
    return { resolve, asked: () => asked }
  }

  test.each([
    [['127.0.0.1']],
    [['93.184.216.34', '10.0.0.1']],
    [['::ffff:127.0.0.1']],
    [['2606:4700::1', 'fe80::1%lo']],
    [[]],
  ])('whose name stands for %j', async (addresses) => {
    expect(await faultOf('https://duty.example.org/', resolver(addresses))).toBe('forbidden')
    expect(connections).toBe(0)
  })

  test('by a resolver that changes its answer: each connection is judged by the one answer it uses', async () => {
    const { resolve, asked } = resolver(['192.0.2.1'], ['127.0.0.1'], ['169.254.169.254'], ['::1'])
    const fetch = createSafeFetch({ resolve })
    for (let times = 0; times < 20; times += 1) {
      await expect(fetch('https://rebinding.example.org/')).rejects.toMatchObject({ fault: 'forbidden' })
    }
    expect(asked()).toBe(20)
    expect(connections).toBe(0)
  })
})

test.each(['1.1.1.1', '8.8.8.8', '100.128.0.1', '172.32.0.1', '223.5.5.5', '2606:4700::1111', '2400:3200::1'])(
  '%s lies on the open internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)
test.each(['', 'example.org', '1.2.3', '1.2.3.4.5', '2606:4700::1%eth0', '0x7f.1', ' 8.8.8.8'])(
  '%j is no address',
  (text) => {
    expect(isPublicAddress(text)).toBe(false)
  },
)

describe('a host that a setting names', () => {
  test('is called, by plain HTTP and on its port', async () => {
    const port = await listen((request, response) => {
      response.setHeader('x-method', request.method!)
      request.pipe(response)
    })
    const fetch = createSafeFetch({ trusted: [`127.0.0.1:${port}`] })
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '你好' })
    expect(answer).toMatchObject({ status: 200, body: '你好', headers: { 'x-method': 'POST' } })
    expect(connections).toBe(1)
    expect(await faultOf(`http://127.0.0.1:${port + 1}/`, { trusted: [`127.0.0.1:${port}`] })).toBe('forbidden')
    expect(await faultOf(`http://localhost:${port}/`, { trusted: ['localhost'] })).toBe('answered 200')
  })

  test('is not followed to where it points', async () => {
    let calls = 0
    const port = await listen((_request, response) => {
      calls += 1
      response.writeHead(302, { location: '/again' }).end()
    })
    expect(await faultOf(`http://127.0.0.1:${port}/`, { trusted: ['127.0.0.1'] })).toBe('answered 302')
    expect(calls).toBe(1)
  })

  test('may talk as long as it likes: the cap holds', async () => {
    const port = await listen((_request, response) => {
      const talk = () => {
        while (response.write('x'.repeat(16_384))) {
          /* until the other side is full */
        }
        response.once('drain', talk)
      }
      talk()
    })
    const fetch = createSafeFetch({ trusted: ['127.0.0.1'], maxBytes: 100_000 })
    const { body } = await fetch(`http://127.0.0.1:${port}/`, { deadlineMs: 5_000 })
    expect(body).toHaveLength(100_000)
  })

  test('that answers slowly loses its body, not its status', async () => {
    const port = await listen((_request, response) => {
      response.write('begun')
    })
    const fetch = createSafeFetch({ trusted: ['127.0.0.1'] })
    const answer = await fetch(`http://127.0.0.1:${port}/`, { deadlineMs: 300 })
    expect(answer).toMatchObject({ status: 200, body: 'begun' })
  })

  test('that says nothing may have done it all the same; one that is away has not', async () => {
    let seen = 0
    const port = await listen(() => {
      seen += 1
    })
    expect(await faultOf(`http://127.0.0.1:${port}/`, { trusted: ['127.0.0.1'] }, 300)).toBe('unanswered')
    expect(seen).toBe(1)
    const closing = await listen((request) => request.socket.destroy())
    expect(await faultOf(`http://127.0.0.1:${closing}/`, { trusted: ['127.0.0.1'] })).toBe('unanswered')
    expect(await faultOf('http://127.0.0.1:1/', { trusted: ['127.0.0.1'] })).toBe('unsent')
  })

  test('that does not speak TLS has heard nothing', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    leftOpen.push(() => server.close())
    const { port } = server.address() as AddressInfo
    expect(await faultOf(`https://127.0.0.1:${port}/`, { trusted: ['127.0.0.1'] }, 300)).toBe('unsent')
  })
})
