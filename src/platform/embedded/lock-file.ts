import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

export type Holder = { pid: number; port: number }

/**
 * The server at work on a cluster, told by `postmaster.pid` (line 1 its process, line 4 its port) and confirmed by the
 * command line of that process: after a restart of a container another process may have the number.
 */
export async function findHolder(cluster: string): Promise<Holder | undefined> {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return commandLine.split('\0').includes(cluster) ? { pid, port } : undefined
}

export const removeLockFile = (cluster: string) => rm(join(cluster, 'postmaster.pid'), { force: true })
