import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { hashSecret, newSecret } from '../../src/platform/auth/secrets.ts'
import { chromiumOrSkip } from '../support/chromium.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster

beforeAll(async () => {
  world = await startWorld({ worker: false })
  roster = await plainRoster(world)
})
afterAll(() => world.close())

const SEATS = 20

/** Links of requests that were put to this many people, made as rows, as sending is not what is tested here. */
async function linksFor(count: number, locale: 'zh' | 'en' = 'en'): Promise<{ url: string; assignmentId: string }[]> {
  const people = await roster.people(count, { locale })
  const shifts = Array.from({ length: Math.ceil(count / SEATS) }, () =>
    roster.shift({ start: '2026-05-06T08:00', seats: Math.min(count, SEATS) }),
  )
  const slotIds = (await Promise.all(shifts)).flatMap((shift) => shift.slotIds)
  await roster.publish(slotIds.map((slotId, index) => ({ slotId, volunteerId: people[index]! })))
  const rows = await world.house.database.sql<{ id: string; volunteer_id: string; assignment_id: string }[]>`
    select r.id, r.volunteer_id, i.assignment_id from confirmation_requests r
    join confirmation_items i on i.request_id = r.id where r.volunteer_id = any(${people})`
  const made = rows.map((row) => ({ row, secret: newSecret() }))
  await world.house.services.foundations.db.insert(links).values(
    made.map(({ row, secret }) => ({
      tokenHash: hashSecret(secret),
      purpose: 'confirmation' as const,
      subjectId: row.id,
      volunteerId: row.volunteer_id,
      createdAt: world.clock.now(),
      expiresAt: new Date('2026-05-07T00:00:00Z'),
    })),
  )
  return made.map(({ row, secret }) => ({ url: `${world.url}/c/${secret}`, assignmentId: row.assignment_id }))
}

/** Every table of the house, each with a digest of its rows. */
async function everything(): Promise<Record<string, string>> {
  const { sql } = world.house.database
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`
  const digest = async ({ name }: { name: string }) => {
    const [row] =
      await sql`select md5(coalesce(string_agg(t::text, '' order by t::text), '')) as md5 from ${sql(name)} t`
    return [name, row!.md5]
  }
  return Object.fromEntries(await Promise.all(tables.map(digest)))
}

const SCAN_MS = 400_000
const TABS = 6
/** How long one tab looks at its page, as scanners do that wait for a script to act. */
const DWELL_MS = 10_000

/** Does something with each, some at a time. */
async function withEach<T>(
  urls: string[],
  lanes: number,
  work: (url: string, lane: number) => Promise<T>,
): Promise<T[]> {
  const waiting = [...urls]
  const done: T[] = []
  const lane = async (_: unknown, number: number) => {
    for (let url = waiting.pop(); url; url = waiting.pop()) done.push(await work(url, number))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return done
}

/** What link scanners do without a browser: the head, then the page, twice. */
const scanPlainly = (urls: string[]): Promise<number[]> =>
  withEach(urls, TABS, async (url) => {
    const head = await fetch(url, { method: 'HEAD' })
    const pages = [await fetch(url), await fetch(url)]
    await Promise.all(pages.map((page) => page.text()))
    return Math.max(head.status, ...pages.map((page) => page.status))
  })

/** Opens each in one of several tabs that run scripts; one more tab stays with the first. */
async function openAll(browser: BrowserContext, urls: string[]): Promise<number[]> {
  const tabs = await Promise.all(Array.from({ length: TABS }, () => browser.newPage()))
  const dwelling = await browser.newPage()
  const since = performance.now()
  await dwelling.goto(urls[0]!)
  const statuses = await withEach(urls, TABS, async (url, lane) => {
    const answer = await tabs[lane]!.goto(url, { waitUntil: 'domcontentloaded' })
    return answer!.status()
  })
  await dwelling.waitForTimeout(Math.max(0, DWELL_MS - (performance.now() - since)))
  return statuses
}

test(
  '1,000 links, each asked for its head, read twice and opened by a browser that runs scripts: nothing changes',
  async (context) => {
    const browser = await chromiumOrSkip(context)
    const urls = (await linksFor(1_000)).map((one) => one.url)
    const before = await everything()
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['assignments', 'messages', 'links', 'tasks', 'audit_log']),
    )
    const all = urls.map(() => 200)
    expect(await scanPlainly(urls)).toEqual(all)
    expect(await openAll(browser, urls)).toEqual(all)
    await browser.close()
    expect(await everything()).toEqual(before)
  },
  SCAN_MS,
)

test('without scripts: open, confirm, change to no, back to yes, and no again', async (context) => {
  const browser = await chromiumOrSkip(context, { javaScriptEnabled: false })
  const [one] = await linksFor(1)
  const stateOf = async () => (await roster.assignment(one!.assignmentId)).state
  const page = await browser.newPage()
  await page.goto(one!.url)
  expect(await page.title()).toBe('Please confirm your duty')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByText('✓ Confirmed, thank you').waitFor()
  expect(await stateOf()).toBe('confirmed')
  await page.getByText('Noted: if needed, you could stay on for the next shift.').waitFor()
  await page.getByText(/^Receipt [0-9A-Z]{8}$/).waitFor()
  await page.reload()
  await page.getByRole('button', { name: "Change to: can't make it" }).click()
  await page.getByText('we are finding cover').waitFor()
  expect(await stateOf()).toBe('declined')
  await page.getByRole('button', { name: 'Change to: I will come' }).click()
  await page.getByText('✓ Confirmed, thank you').waitFor()
  expect(await stateOf()).toBe('confirmed')
  await page.getByLabel('Reason (optional)').selectOption('family')
  await page.getByRole('button', { name: "Change to: can't make it" }).click()
  await page.getByText('we are finding cover').waitFor()
  expect(await roster.assignment(one!.assignmentId)).toMatchObject({ state: 'declined', declineReason: 'family' })
  await browser.close()
})

/** Everything one can press, and how large it is on the screen. */
const targets = (page: Page) =>
  page.locator('a, button, select, input:not([type=hidden])').evaluateAll((found) =>
    found.map((element) => {
      // A tick is pressed by its label as well.
      const { width, height } = (element.closest('.tick') ?? element).getBoundingClientRect()
      return { what: element.textContent || element.getAttribute('name'), width, height }
    }),
  )

const WIDTHS = [320, 360, 390]

test('on narrow screens nothing scrolls sideways, and everything to press is large', async (context) => {
  const browser = await chromiumOrSkip(context)
  const [one] = await linksFor(1, 'zh')
  const page = await browser.newPage()
  const beside = ['', '?lang=bo', '/stop', '/standing'].map((path) => one!.url + path)
  for (const url of [...beside, `${world.url}/k`, `${world.url}/privacy`, `${world.url}/c/unknown`]) {
    await page.goto(url)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 640 })
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      expect(wide, url).toBeLessThanOrEqual(width)
      for (const { what, width: across, height } of await targets(page)) {
        expect(Math.min(across, height), `${url}: ${what}`).toBeGreaterThanOrEqual(47.5)
      }
    }
  }
  await browser.close()
})
