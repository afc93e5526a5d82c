import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { forgetSkipped, readSkipped } from './support/skipped.ts'

/** Zones a process may live in; calendars must come out the same in all of them. */
const OTHER_ZONES = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe']
const FAILURE_LENGTH = 1_200
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

interface Counts {
  passed: number
  failed: number
  skipped: number
}

function vitest(name: string, zone: string, args: string[]): Promise<number> {
  const report = `${ROOT}.cache/${name}.json`
  const child = spawn(
    process.execPath,
    [VITEST, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TEST_TZ: zone } },
  )
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}

async function countsOf(name: string): Promise<Counts> {
  const text = await readFile(`${ROOT}.cache/${name}.json`, 'utf8').catch(() => '{}')
  const report = JSON.parse(text) as Record<string, number | undefined>
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + (report.numFailedTestSuites && !report.numFailedTests ? 1 : 0),
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  }
}

interface Report {
  testResults?: {
    name: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages: string[]; duration?: number }[]
  }[]
}

/** What failed, again and in few lines: whoever reads only the end of a long log finds it there. */
async function failuresOf(name: string): Promise<string[]> {
  const report = JSON.parse(await readFile(`${ROOT}.cache/${name}.json`, 'utf8').catch(() => '{}')) as Report
  return (report.testResults ?? []).flatMap(({ name: file, message, assertionResults }) => {
    const at = file.replace(ROOT, '')
    const failed = assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${at} > ${one.fullName}\n${one.failureMessages.join('\n').slice(0, FAILURE_LENGTH)}`)
    return failed.length === 0 && message ? [`${at}\n${message.slice(0, FAILURE_LENGTH)}`] : failed
  })
}

async function runAll(): Promise<boolean> {
  const runs: [string, string, string[]][] = [
    ['all', 'UTC', []],
    ...OTHER_ZONES.map((zone): [string, string, string[]] => [
      `zone-${zone.replace('/', '-')}`,
      zone,
      ['--project', 'unit', '--exclude', 'test/unit/solver/**'],
    ]),
  ]
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  const failures: string[] = []
  let ok = true
  for (const [name, zone, args] of runs) {
    process.stdout.write(`\n== ${name === 'all' ? 'all tests' : 'calendar and unit tests'}, process zone ${zone}\n`)
    const code = await vitest(name, zone, args)
    const counts = await countsOf(name)
    failures.push(...(await failuresOf(name)))
    ok &&= code === 0
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`)
  return sayWhatHappened(total, ok)
}

async function sayWhatHappened(total: Counts, ok: boolean): Promise<boolean> {
  const skipped = await readSkipped()
  process.stdout.write('\n')
  for (const { what, why } of skipped) process.stdout.write(`Did not run: ${what}. Why: ${why}\n`)
  if (skipped.length === 0 && total.skipped === 0) process.stdout.write('Nothing was skipped.\n')
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
  const complete = skipped.length === 0 && total.skipped === 0
  if (process.env.CI && !complete) process.stdout.write('In CI nothing may be skipped.\n')
  return ok && total.passed > 0 && (complete || !process.env.CI)
}

await forgetSkipped()
const args = process.argv.slice(2)
const ok = args.length > 0 ? (await vitest('some', process.env.TEST_TZ ?? 'UTC', args)) === 0 : await runAll()
process.exitCode = ok ? 0 : 1
