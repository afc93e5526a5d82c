import { CHECKS } from '../../../src/platform/doctor/checks.ts'
import { examine } from '../../../src/platform/doctor/examine.ts'
import type { Demo } from '../demo.ts'

/** What `npm run doctor` looks at; throws when a promise is broken. */
export function examineDatabase({ report, house, clock, time }: Demo): Promise<void> {
  return report.step('The doctor examines the database', async ({ say }) => {
    await time.settled()
    const found = await examine(house.database.sql, clock.now())
    for (const { check, promise, count, sample } of found) {
      say(`BROKEN ${check}: ${promise}; ${count} found, such as ${sample.join(', ')}`)
    }
    if (found.length > 0) throw new Error(`The doctor found ${found.length} broken promises.`)
    say(
      `${CHECKS.length} promises, from "nobody stands at two posts at once" to "the ledger agrees with the attendance": all hold`,
    )
  })
}
