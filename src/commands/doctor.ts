import { pino } from 'pino'
import { findDatabase } from '../house.ts'
import { readConfig } from '../platform/config/config.ts'
import { connect } from '../platform/db/client.ts'
import { CHECKS } from '../platform/doctor/checks.ts'
import { examineAll, type Finding } from '../platform/doctor/examine.ts'
import { WATCH_CHECKS } from '../platform/doctor/watch.checks.ts'
import { systemClock } from '../time/clock.ts'

const line = ({ check, promise, count, sample }: Finding): string =>
  count === 0
    ? `ok     ${check}: ${promise}`
    : `BROKEN ${check}: ${promise}\n         ${count} found, such as ${sample.join(', ')}`

/** Looks and changes nothing: the schema stays as it is found. */
async function main(): Promise<void> {
  const server = await findDatabase(readConfig(process.env), pino({ level: 'warn' }))
  try {
    const database = connect(server.url, { statementTimeout: 10 * 60_000 })
    const findings = await examineAll(database.sql, systemClock.now(), [...CHECKS, ...WATCH_CHECKS]).finally(
      database.close,
    )
    const broken = findings.filter((finding) => finding.count > 0)
    process.stdout.write(`${findings.map(line).join('\n')}\n`)
    process.stdout.write(`${findings.length} checks, ${broken.length} broken.\n`)
    if (broken.length > 0) process.exitCode = 1
  } finally {
    await server.stop()
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`The doctor cannot look: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
