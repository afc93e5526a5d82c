/**
 * The roster engine beside others, one after the other on the same problems, each with the same time: a greedy round
 * robin, HiGHS, and CP-SAT natively and in WebAssembly where they are installed. Every answer is judged by code that
 * shares nothing with any of them.
 *
 *   bench:peers -- FILE… --seconds S [--seed N] [--threads T]          public staff-scheduling instances
 *   bench:peers -- --city [--days D] --seconds S …                     the week of scenario A
 *   bench:peers -- --district [--days D] [--people P --posts Q] …      scenario E
 *   bench:peers -- --people P --posts Q --days D …                     the city in another size
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { solveInThread } from '../src/solver/index.ts'
import { type Instance, judge, parseInstance } from './support/curtois.ts'
import { toEntries, toProblem } from './support/curtois-problem.ts'
import { positive, problemOf, SHAPE_OPTIONS } from './support/duty-options.ts'
import { besideOthers } from './support/duty-peers.ts'
import { cpSatPeer, cpSatWasmPeer, highsPeer, type PeerAnswer, roundRobin } from './support/peers.ts'
import { attempted, timed } from './support/timed.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...SHAPE_OPTIONS,
    seconds: { type: 'string', default: '60' },
    threads: { type: 'string', default: '2' },
  },
})
const [seconds, threads, seed] = ['seconds', 'threads', 'seed'].map((name) => positive(values, name)) as [
  number,
  number,
  number,
]
const isDuty = values.city || values.district || values.volunteers || values.people || values.posts
if (positionals.length === 0 && !isDuty) throw new TypeError('Name an instance file, or a duty problem: --city.')

async function engine(instance: Instance): Promise<PeerAnswer> {
  const solution = await solveInThread(toProblem(instance), {
    seed,
    budget: { milliseconds: seconds * 1000 },
    threads,
    explain: false,
  })
  return { entries: toEntries(solution.assignments), bound: solution.bound?.value }
}

async function besideOthersOn(file: string) {
  const instance = parseInstance(readFileSync(file, 'utf8'))
  const judged = ({ entries, bound }: PeerAnswer) => ({
    ...(entries ? judge(instance, entries) : { objective: null, hard: null }),
    bound,
  })
  return {
    instance: basename(file, '.txt'),
    engine: await timed(() => engine(instance), judged),
    roundRobin: await timed(() => roundRobin(instance), judged),
    highs: await attempted(() => highsPeer(instance, seconds), judged),
    cpSat: await attempted(() => cpSatPeer(instance, seconds, threads), judged),
    cpSatWasm: await attempted(() => cpSatWasmPeer(instance, seconds), judged),
    cpSat8: await attempted(() => cpSatPeer(instance, seconds, 8), judged),
  }
}

const results: object[] = []
const add = (result: object) => {
  results.push(result)
  console.error(JSON.stringify(result))
}
for (const file of positionals) add(await besideOthersOn(file))
if (isDuty) add(await besideOthers(problemOf(values), { seconds, threads, seed }))
console.log(JSON.stringify({ seconds, threads, results }))
