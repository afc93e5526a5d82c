import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codes, links } from '../../src/platform/auth/auth.tables.ts'
import { mintCode } from '../../src/platform/auth/codes.ts'
import { keyFor } from '../../src/platform/auth/secret-key.ts'
import { hashSecret, newSecret } from '../../src/platform/auth/secrets.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { startWorld, type World } from '../support/world.ts'

const HOUR = 3_600_000
/** Calls of each kind, in turn, so that whatever else the machine does strikes all of them alike. */
const ROUNDS = 1_000
const WARM = 50

let world: World
beforeAll(async () => {
  world = await startWorld({ worker: false })
})
afterAll(() => world.close())
const db = () => world.house.services.foundations.db

interface Seen {
  status: number
  bytes: number
  ms: number
}
type Call = () => Promise<Seen>

async function call(path: string, init: RequestInit = {}): Promise<Seen> {
  const begun = performance.now()
  const answer = await fetch(world.url + path, { redirect: 'manual', ...init })
  const bytes = (await answer.arrayBuffer()).byteLength
  return { status: answer.status, bytes, ms: performance.now() - begun }
}

const medianOf = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/**
 * What each kind takes longer than the first one, in milliseconds: the median of the differences within a round, so that
 * whatever else the machine does falls out.
 */
async function measure(kinds: Record<string, Call>, between: () => Promise<unknown> = async () => {}) {
  const names = Object.keys(kinds)
  const rounds: Record<string, Seen>[] = []
  for (let round = 0; round < WARM + ROUNDS; round += 1) {
    await between()
    // Each kind is as often the first as the last of its round.
    const turn = round % names.length
    const seen: Record<string, Seen> = {}
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) seen[name] = await kinds[name]!()
    if (round >= WARM) rounds.push(seen)
  }
  const later = (name: string) => medianOf(rounds.map((seen) => seen[name]!.ms - seen[names[0]!]!.ms))
  return { rounds, later: Object.fromEntries(names.map((name) => [name, later(name)])) }
}

/** Dead ones may differ by this share of what one query takes. */
const SHARE = 0.4

/** A kind that takes so many queries more than the others, and shows how fine the measure is. */
interface Control {
  call: Call
  queries: number
}

async function expectAlike(control: Control, dead: Record<string, Call>, between?: () => Promise<unknown>) {
  const { rounds, later } = await measure({ ...dead, control: control.call }, between)
  const answers = rounds.flatMap((seen) => Object.keys(dead).map((name) => seen[name]!))
  expect(new Set(answers.map((one) => one.status))).toEqual(new Set([404]))
  const bytes = answers.map((one) => one.bytes)
  expect(Math.max(...bytes) - Math.min(...bytes)).toBeLessThanOrEqual(64)
  const { control: more, ...others } = later
  const measured = JSON.stringify(later)
  const differences = Object.values(others).map(Math.abs)
  expect(Math.max(...differences), measured).toBeLessThan((SHARE * more!) / control.queries)
}

async function linkThat(more: Partial<typeof links.$inferInsert>): Promise<string> {
  const [secret, now] = [newSecret(), world.clock.now()]
  await db()
    .insert(links)
    .values({
      tokenHash: hashSecret(secret),
      purpose: 'confirmation',
      subjectId: newId(),
      volunteerId: newId(),
      createdAt: new Date(now.getTime() - 2 * HOUR),
      expiresAt: new Date(now.getTime() + HOUR),
      ...more,
    })
  return secret
}

describe('how long an answer takes does not tell', { retry: 2 }, () => {
  test.each(['GET', 'POST'])('unknown, expired, revoked and foreign links apart (%s)', async (method) => {
    const now = world.clock.now()
    const init = method === 'POST' ? { method, body: new URLSearchParams({ answer: 'decline' }) } : {}
    const at = (secret: string) => () => call(`/c/${secret}`, init)
    const dead = {
      unknown: at(newSecret()),
      expired: at(await linkThat({ expiresAt: new Date(now.getTime() - HOUR) })),
      revoked: at(await linkThat({ revokedAt: now })),
      foreign: at(await linkThat({ purpose: 'offer' })),
    }
    // Good in itself, so that what it is about is looked up, which is not there; after a POST for the page once more.
    await expectAlike({ call: at(await linkThat({})), queries: method === 'POST' ? 2 : 1 }, dead)
  })

  test('unknown, expired, revoked and used-up codes apart, nor those with the wrong phone', async () => {
    const { sql } = world.house.database
    const now = world.clock.now()
    const key = keyFor(Buffer.from('a secret for tests that is long enough'), 'codes')
    const enter = (code: string, phone: string) => () =>
      call('/k', { method: 'POST', body: new URLSearchParams({ code, phone }) })
    let phones = 0
    async function codeThat(more: Partial<typeof codes.$inferInsert> = {}, typed?: string): Promise<Call> {
      phones += 1
      const phone = `1390000${String(1_000 + phones)}`
      const volunteerId = newId()
      const subject = { purpose: 'confirmation', subjectId: newId(), volunteerId, path: '/c' } as const
      const expiresAt = new Date(now.getTime() + HOUR)
      const code = await mintCode(db(), { ...subject, phone, key, expiresAt }, now)
      await db()
        .update(codes)
        .set({ uses: 0, ...more })
        .where(eq(codes.volunteerId, volunteerId))
      return enter(code, typed ?? phone)
    }
    const dead = {
      unknown: enter('ZZZZZZZZ', '13900009999'),
      expired: await codeThat({ expiresAt: new Date(now.getTime() - HOUR) }),
      revoked: await codeThat({ revokedAt: now }),
      usedUp: await codeThat({ uses: 20 }),
      wrongPhone: await codeThat({}, '0000'),
    }
    // Is counted as used and no longer as tried, and gets a link.
    const right = { call: await codeThat(), queries: 3 }
    // So that no limit is reached, which would be the same for all of them.
    await expectAlike(
      right,
      dead,
      () => sql`with gone as (delete from code_tries) update codes set uses = 0 where uses < 20`,
    )
  })
})
