import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, stat } from 'node:fs/promises'
import { isCode } from './errors.ts'

/** The system account PostgreSQL runs under; empty for an ordinary user, who simply runs it. */
export type ServerAccount = { uid?: number; gid?: number }

const ownUid = () => process.getuid?.() ?? -1
export const isRoot = () => ownUid() === 0

/**
 * PostgreSQL refuses to run as root, so root lends it the account `nobody`, or the owner of an existing cluster.
 * An ordinary user can only open a cluster of its own.
 */
export async function chooseAccount(existingCluster: string | undefined): Promise<ServerAccount> {
  const owner = existingCluster === undefined ? undefined : await stat(existingCluster)
  if (isRoot()) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await nobody()
  if (owner && owner.uid !== ownUid()) {
    throw new Error(
      `The database in ${existingCluster} belongs to uid ${owner.uid}, and this process runs as uid ${ownUid()}. ` +
        'Maybe it was first started by root: start it as root again, or choose another data folder.',
    )
  }
  return {}
}

async function nobody(): Promise<ServerAccount> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const entry = accounts.find(([name]) => name === 'nobody')
  if (!entry) throw new Error('PostgreSQL cannot run as root, and /etc/passwd has no account "nobody" to lend it.')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

/** Asks the kernel, as the account itself, so that folder modes, ACLs and noexec mounts all count. */
export function accountCan(account: ServerAccount, access: 'execute' | 'write', path: string): boolean {
  const flag = access === 'execute' ? '-x' : '-w'
  const probe = spawnSync('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', flag, path], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  })
  return probe.status === 0
}

/** Name of the folder used when the account cannot reach the place something belongs to; `key` is that place. */
export const asideFolderOf = (key: string) =>
  `/var/tmp/watchbill-${createHash('sha256').update(`${ownUid()}:${key}`).digest('hex').slice(0, 16)}`

/** Creates that folder. Everybody may write to /var/tmp, so a folder somebody else prepared there is refused. */
export async function makeAsideFolder(key: string): Promise<string> {
  const folder = asideFolderOf(key)
  await mkdir(folder).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error
  })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== ownUid()) {
    throw new Error(`${folder} exists and is not a folder of uid ${ownUid()}. Remove it and start again.`)
  }
  await chmod(folder, 0o755)
  return folder
}
