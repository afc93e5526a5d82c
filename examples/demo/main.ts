import { parseArgs } from 'node:util'
import { openDemo } from './open.ts'
import { leavePages, play } from './play.ts'
import { createReport } from './report.ts'

const USAGE = `Plays one week of a city's duty over HTTP and goes on serving.
  npm run demo -- [--exit] [--seed 1]`

const { values } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

const untilStopped = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })

async function main(): Promise<void> {
  const report = createReport(process.stdout)
  await using demo = await openDemo(report, Number(values.seed))
  const figures = await play(demo)
  if (values.exit) {
    report.say(`\n${JSON.stringify(figures)}`)
    return
  }
  const page = await leavePages(demo)
  report.say(`\nStill serving. API documents: ${demo.url}/docs`)
  report.say(`One confirmation page:  ${page}`)
  report.say(`For the walk-through of the README: WATCHBILL_URL=${demo.url} WATCHBILL_KEY=${demo.key}`)
  report.say('Ctrl-C ends it.')
  report.say(JSON.stringify(figures))
  await untilStopped()
}

if (values.help) process.stdout.write(`${USAGE}\n`)
else {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`\nThe demo stopped: ${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}
