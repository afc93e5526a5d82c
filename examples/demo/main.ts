import { parseArgs } from 'node:util'
import { openDemo, openStage } from './open.ts'
import { leavePages, play } from './play.ts'
import { createReport, type Report } from './report.ts'
import { LETTERS, type Letter, letterOf, loadScenario } from './scenarios.ts'

const USAGE = `Plays a duty system over HTTP and goes on serving: scenario A is one week of a city.
  npm run demo -- [--scenario ${LETTERS.join('|')}] [--exit] [--seed 1]`

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'A' },
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
  const letter = letterOf(values.scenario)
  const report = createReport(process.stdout)
  await (letter === 'A' ? playCity(report) : playScenario(report, letter))
}

async function playScenario(report: Report, letter: Exclude<Letter, 'A'>): Promise<void> {
  const scenario = await loadScenario(letter)
  await using stage = await openStage(report, scenario.setting, Number(values.seed))
  const figures = await scenario.play(stage)
  if (!values.exit) {
    report.say(`\nStill serving. API documents: ${stage.url}/docs`)
    report.say(`For your own requests: WATCHBILL_URL=${stage.url} WATCHBILL_KEY=${stage.key}`)
    report.say('Ctrl-C ends it.')
  }
  report.say(`\n${JSON.stringify({ scenario: letter, ...figures, seconds: report.secondsSoFar() })}`)
  if (!values.exit) await untilStopped()
}

async function playCity(report: Report): Promise<void> {
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
