import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Clock } from '../../time/clock.ts'
import type { Log } from '../telemetry/log.ts'
import { CHECKS } from './checks.ts'
import { examineAll } from './examine.ts'
import { WATCH_CHECKS } from './watch.checks.ts'

export interface AuditorDeps {
  sql: postgres.ISql
  clock: Clock
  log: Log
  /** Called when all is well; whoever waits there raises the alarm when it is not called for a while. */
  heartbeatUrl: string
  /** Milliseconds between two looks. */
  everyMs?: number
}

export interface Auditor {
  close(): Promise<void>
}

const EVERY_MS = 5 * 60_000
const CALL_WITHIN_MS = 10_000

/** Promises that say whether the machine goes on by itself; what is dead or was entered wrongly has alarms of its own. */
const LIVELY = ['pending-are-asked', 'confirmed-are-followed', 'gaps-are-worked-on', 'offers-end', 'no-stuck-tasks']
const AUDITED = [...CHECKS.filter((check) => LIVELY.includes(check.name)), ...WATCH_CHECKS]

/**
 * Looks every few minutes whether what is planned and what is to be told is in somebody's hands, and calls an address
 * outside only when it is. A call that fails is not repeated: the next look is.
 */
export function startAuditor({ sql, clock, log, heartbeatUrl, everyMs = EVERY_MS }: AuditorDeps): Auditor {
  const stop = new AbortController()

  async function look(): Promise<void> {
    const broken = (await examineAll(sql, clock.now(), AUDITED)).filter((finding) => finding.count > 0)
    if (broken.length > 0) {
      log.error({ broken: broken.map(({ check, count, sample }) => ({ check, count, sample })) }, 'no heartbeat')
      return
    }
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(CALL_WITHIN_MS)])
    const { status, ok } = await fetch(heartbeatUrl, { signal })
    if (!ok) log.warn({ status }, 'the heartbeat was not taken')
  }

  const looking = (async () => {
    while (!stop.signal.aborted) {
      // The address may be a secret: it stands in no log.
      await look().catch((error) =>
        log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'no heartbeat'),
      )
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async close() {
      stop.abort()
      await looking
    },
  }
}
