/**
 * The roster engine beside others on public staff-scheduling instances, one after the other, each with the same time.
 * `npm run --silent bench:peers -- FILE… --seconds S --seed N --threads T`
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { solveInThread } from '../src/solver/index.ts'
import { cpSatWasmPeer } from './support/cp-sat-wasm.ts'
import { type Instance, judge, parseInstance } from './support/curtois.ts'
import { toEntries, toProblem } from './support/curtois-problem.ts'
import { cpSatPeer, highsPeer, type PeerAnswer, roundRobin } from './support/peers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
  },
})
if (positionals.length === 0) throw new TypeError('Name at least one instance file.')
const seconds = Number(values.seconds)
const threads = Number(values.threads)

async function engine(instance: Instance): Promise<PeerAnswer> {
  const solution = await solveInThread(toProblem(instance), {
    seed: Number(values.seed),
    budget: { milliseconds: seconds * 1000 },
    threads,
    explain: false,
  })
  return { entries: toEntries(solution.assignments), bound: solution.bound?.value }
}

async function timed(instance: Instance, work: () => PeerAnswer | undefined | Promise<PeerAnswer | undefined>) {
  const startedAt = performance.now()
  const answer = await work()
  if (!answer) return 'not installed'
  const result = answer.entries ? judge(instance, answer.entries) : { objective: null, hard: null }
  return { ...result, bound: answer.bound, seconds: Math.round(performance.now() - startedAt) / 1000 }
}

const results = []
for (const file of positionals) {
  const instance = parseInstance(readFileSync(file, 'utf8'))
  const result = {
    instance: basename(file, '.txt'),
    engine: await timed(instance, () => engine(instance)),
    roundRobin: await timed(instance, () => roundRobin(instance)),
    highs: await timed(instance, () => highsPeer(instance, seconds)),
    cpSat: await timed(instance, () => cpSatPeer(instance, seconds, threads)),
    cpSatWasm: await timed(instance, () => cpSatWasmPeer(instance, seconds)),
    cpSat8: await timed(instance, () => cpSatPeer(instance, seconds, 8)),
  }
  results.push(result)
  console.error(JSON.stringify(result))
}
console.log(JSON.stringify({ seconds, threads, results }))
