/**
 * Runs the roster engine on a public staff-scheduling instance and judges the result by code of its own.
 * `npm run --silent bench:curtois -- FILE --seconds S --seed N --threads T --out OUT.csv`
 * Standard output is one line of JSON; what the engine says of itself goes to standard error. The status is 1 when a
 * hard rule is broken or engine and judge differ.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { solveInThread } from '../src/solver/index.ts'
import { judge, parseInstance } from './support/curtois.ts'
import { toEntries, toProblem } from './support/curtois-problem.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})
const [file] = positionals
if (!file) throw new TypeError('Name an instance file.')

/** Kept back for reading, threads that start and writing, so that the whole run keeps the time. */
const RESERVE_MS = 400

const startedAt = performance.now()
const instance = parseInstance(readFileSync(file, 'utf8'))
const problem = toProblem(instance)
const solution = await solveInThread(problem, {
  seed: Number(values.seed),
  budget: { milliseconds: Number(values.seconds) * 1000 - RESERVE_MS - (performance.now() - startedAt) },
  threads: Number(values.threads),
  explain: false,
  onProgress: ({ phase, elapsedMs, score }) => {
    if (values.trace) console.error(phase, Math.round(elapsedMs), score.wishes)
  },
})
const entries = toEntries(solution.assignments)
if (values.out) {
  writeFileSync(values.out, entries.map(({ employee, day, shift }) => `${employee},${day},${shift}\n`).join(''))
}
const { objective, hard } = judge(instance, entries)
console.error(`${solution.iterations} iterations, stopped: ${solution.stopped}`)
console.log(
  JSON.stringify({
    instance: basename(file, '.txt'),
    objective,
    hard,
    seconds: Math.round(performance.now() - startedAt) / 1000,
    ...(solution.bound ? { bound: solution.bound.value } : {}),
  }),
)
const agrees = objective === solution.score.wishes
if (!agrees) console.error(`The engine says ${solution.score.wishes}, the judge ${objective}.`)
process.exit(hard === 0 && agrees ? 0 : 1)
