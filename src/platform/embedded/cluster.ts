import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, chmod, chown, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Binaries } from './binaries.ts'
import { isCode, ServerStartError } from './errors.ts'
import { accountCan, asideFolderOf, isRoot, makeAsideFolder, type ServerAccount } from './server-account.ts'

export const SUPERUSER = 'watchbill'

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/** Creates the data folder; what it creates can be traversed by the account that runs the server. */
export async function makeDataDir(dataDir: string): Promise<void> {
  const first = await mkdir(dataDir, { recursive: true })
  if (first === undefined || !isRoot()) return
  for (let folder = dataDir; folder !== dirname(first); folder = dirname(folder)) await chmod(folder, 0o755)
}

/** A name for something unfinished: whose it is, and different at each call. */
const draftName = (of: string) => `${of}.${process.pid}.${randomBytes(4).toString('hex')}`

/** The complete cluster of this data folder: inside it, or set aside because the server cannot reach it. */
export async function findCluster(dataDir: string): Promise<string | undefined> {
  for (const folder of [join(dataDir, 'cluster'), join(asideFolderOf(dataDir), 'cluster')]) {
    if (await exists(folder)) return folder
  }
  return undefined
}

/** Initialises a cluster. It gets its name only when complete, so a start that was cut off leaves none. */
export async function createCluster(
  dataDir: string,
  binaries: Binaries,
  account: ServerAccount,
  options: { password: string; durable: boolean },
): Promise<string> {
  const { draft, parent } = await makeDraft(dataDir, account)
  const cluster = join(parent, 'cluster')
  try {
    await initdb(binaries.initdb, draft, account, options)
    await rename(draft, cluster)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  }
  return cluster
}

async function makeDraft(dataDir: string, account: ServerAccount): Promise<{ draft: string; parent: string }> {
  const inPlace = await makeDraftIn(dataDir, account)
  if (accountCan(account, 'write', inPlace)) return { draft: inPlace, parent: dataDir }
  await rm(inPlace, { recursive: true })
  const aside = await makeAsideFolder(dataDir)
  return { draft: await makeDraftIn(aside, account), parent: aside }
}

async function makeDraftIn(parent: string, account: ServerAccount): Promise<string> {
  await removeAbandonedDrafts(parent)
  const draft = join(parent, draftName('cluster'))
  await mkdir(draft, { mode: 0o700 })
  if (account.uid !== undefined && account.gid !== undefined) await chown(draft, account.uid, account.gid)
  return draft
}

async function removeAbandonedDrafts(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^cluster\.(\d+)\./.exec(name)?.[1]
    if (pid !== undefined && !(await exists(`/proc/${pid}`))) await rm(join(parent, name), { recursive: true })
  }
}

async function initdb(
  program: string,
  folder: string,
  account: ServerAccount,
  options: { password: string; durable: boolean },
): Promise<void> {
  const args = [
    program,
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    '--pwfile=/dev/stdin',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ]
  // The pipe between cat and initdb belongs to the account itself; it could not open one of ours by name.
  const child: ChildProcess = spawn('/bin/sh', ['-c', 'cat | "$@"', 'sh', ...args], {
    ...account,
    cwd: '/',
    env: serverEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin!.end(`${options.password}\n`)
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  if (child.exitCode !== 0) throw new ServerStartError(`${out}${err}`.trim())
}

/** PG* variables of the caller must not leak in, and messages must come in the language we read. */
export const serverEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' }

/** The password of the superuser, in a file only the app's own account can read; made at the first start. */
export async function readPassword(dataDir: string, isNew: boolean): Promise<string> {
  const file = join(dataDir, 'password')
  if (isNew) await writeOnce(file, randomBytes(24).toString('base64url'))
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new Error(`The password of the database in ${dataDir} cannot be read: ${(error as Error).message}`)
  }
}

/** Of two starts at the same moment one writes; the link makes the file appear with its content. */
async function writeOnce(file: string, content: string): Promise<void> {
  const draft = draftName(file)
  await writeFile(draft, `${content}\n`, { mode: 0o600 })
  await link(draft, file).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error
  })
  await rm(draft)
}
