import { access, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium as driver } from 'playwright-core'
import type { TestContext } from 'vitest'
import { fetchDebianPackage } from './debian-package.ts'
import { recordSkipped } from './skipped.ts'

const INSTALLED = '/usr/bin/chromium'
/** On a busy machine a browser takes long to start. */
const START_MS = 100_000
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  // Containers often have a shared memory folder too small for a browser.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Program {
  path: string
  libraryPath?: string
}

/** Chromium of the machine, or else Debian's, unpacked into a cache and never installed. */
async function findProgram(): Promise<Program> {
  const isInstalled = await access(INSTALLED).then(
    () => true,
    () => false,
  )
  if (isInstalled) return { path: INSTALLED }
  const { folder, libraryPath } = await fetchDebianPackage('chromium', {
    // Debian keeps the program and what it reads in two packages; it looks for the latter beside itself.
    complete: async (draft) => {
      const common = await fetchDebianPackage('chromium-common')
      const beside = 'usr/lib/chromium'
      await cp(join(common.folder, beside), join(draft, beside), { recursive: true })
    },
  })
  const privateLibraries = libraryPath.split(':').map((path) => join(path, 'pulseaudio'))
  return {
    path: join(folder, 'usr/lib/chromium/chromium'),
    libraryPath: [libraryPath, ...privateLibraries].join(':'),
  }
}

let found: Promise<Program> | undefined

/** A browser with a profile of its own, which is gone with it. */
async function open(program: Program, options: BrowserContextOptions): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'watchbill-chromium-'))
  const { libraryPath } = program
  const context = await driver.launchPersistentContext(profile, {
    ...options,
    executablePath: program.path,
    headless: true,
    timeout: START_MS,
    args: FLAGS,
    env: { ...process.env, HOME: profile, ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}) },
  })
  context.on('close', () => rm(profile, { recursive: true, force: true, maxRetries: 5 }))
  return context
}

/** Skips the test, and the run says so at its end, on a machine without Chromium that cannot fetch it. */
export async function chromiumOrSkip(test: TestContext, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  found ??= findProgram()
  const program = await found.catch(async (error: Error) => {
    const why = `Chromium is missing and could not be fetched: ${error.message.split('\n')[0]}`
    await recordSkipped('pages in a browser', why)
    return test.skip(why)
  })
  return open(program, options)
}
