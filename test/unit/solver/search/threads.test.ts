import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { bestOf, failuresOf } from '../../../../src/solver/best-of.ts'
import { defaultRules, type Solution, solve, solveInThread } from '../../../../src/solver/index.ts'
import { CALLED_OFF, PROVED_BEST, type ThreadMessage, type ThreadTask } from '../../../../src/solver/thread.ts'
import { at, person, problem, shift } from '../build.ts'

const everyDay = (days: number) => Array.from({ length: days }, (_, day) => shift(`d${day}`, { day, hours: 24 }))
const never = [{ kind: 'undesired' as const, start: at(0), end: at(15) }]
const team = 'abcdefg'.split('')
const easy = problem({ shifts: everyDay(14), people: team.map((id) => person(id)), rules: defaultRules() })
/** No roster is without wishes unmet, so the search never knows that it is done. */
const endless = { ...easy, people: team.map((id) => person(id, { availability: never })) }

describe('the best of what threads found', () => {
  const found = (id: string, justice: number, stopped: Solution['stopped'] = 'time') =>
    ({
      status: 'fulfilled',
      value: { ...some, iterations: Number(id), score: { ...some.score, justice }, stopped },
    }) as const
  const broken = (reason: Error) => ({ status: 'rejected', reason }) as const
  const some = { score: { hard: 0, unmetMandatory: 0, justice: 0 } } as Solution

  test('is the roster with the better score, of equal ones the proved one, else the first', () => {
    expect(bestOf([found('1', 5), found('2', 4), found('3', 6)]).iterations).toBe(2)
    expect(bestOf([found('1', 4), found('2', 4)]).iterations).toBe(1)
    expect(bestOf([found('1', 4, 'aborted'), found('2', 4, 'optimal')]).iterations).toBe(2)
  })

  test('does not suffer from threads that broke, unless all did', () => {
    const [first, second] = [new Error('out of memory'), new TypeError('wrong')]
    expect(bestOf([broken(first), found('2', 4)]).iterations).toBe(2)
    expect(failuresOf([broken(first), found('2', 4)])).toEqual([first])
    expect(() => bestOf([broken(second), broken(first)])).toThrow(second)
  })
})

describe('a thread that breaks', () => {
  /** Ends the thread that is started next, as running out of memory would. */
  const breakNext = () => process.once('worker', (worker) => void worker.terminate())

  test('costs nothing but its own work', async () => {
    const lost: Error[] = []
    breakNext()
    const options = {
      seed: 1,
      budget: { iterations: 500 },
      threads: 2,
      onThreadLost: (error: Error) => lost.push(error),
    }
    const solution = await solveInThread(endless, options)
    expect(solution).toMatchObject({ stopped: 'iterations', score: { hard: 0, unmetMandatory: 0 } })
    expect(solution.why).toHaveLength(14)
    expect(lost.map((error) => error.message)).toEqual([expect.stringContaining('and no roster')])
  })

  test('is the end of a run that has no other', async () => {
    breakNext()
    await expect(solveInThread(endless, { seed: 1, budget: { iterations: 500 } })).rejects.toThrow('and no roster')
  })
})

describe('side by side', () => {
  test('by iterations threads give the better of what each would give alone, time after time', async () => {
    const alone = await Promise.all(
      [7, 7 + 1_000_003].map((seed) => solve(endless, { seed, budget: { iterations: 700 } })),
    )
    const options = { seed: 7, budget: { iterations: 700 }, threads: 2 }
    const twice = await Promise.all([solveInThread(endless, options), solveInThread(endless, options)])
    const best = bestOf(alone.map((value) => ({ status: 'fulfilled' as const, value })))
    expect(twice.map((one) => one.assignments)).toEqual([best.assignments, best.assignments])
  })

  /** One thread of a run, with the words it shares with the others. */
  async function thread(task: Pick<ThreadTask, 'problem' | 'budget'>, stop: number[] = []) {
    const words = new Int32Array(new SharedArrayBuffer(8))
    for (const word of stop) words[word] = 1
    const workerData: ThreadTask = { ...task, seed: 1, explain: false, stop: words }
    const worker = new Worker(new URL('../../../../src/solver/worker.ts', import.meta.url), { workerData })
    const ended = once(worker, 'exit')
    let solution: Solution | undefined
    worker.on('message', (message: ThreadMessage) => {
      if ('solution' in message) solution = message.solution
    })
    await ended
    return { words: [...words], solution: solution! }
  }

  test('a thread says that its roster is proved best, and one that hears of it ends in a timed run', async () => {
    const budget = { milliseconds: 60_000 }
    const proved = await thread({ problem: easy, budget })
    expect(proved.solution.stopped).toBe('optimal')
    expect(proved.solution.trace.at(-1)!.phase).toBe('proved best')
    expect(proved.words).toEqual([0, 1])
    const told = await thread({ problem: endless, budget }, [PROVED_BEST])
    expect(told.solution).toMatchObject({ stopped: 'aborted', score: { hard: 0 } })
    expect(told.words).toEqual([0, 1])
  })

  test('a run that counts iterations does not listen to it, but is called off', async () => {
    const budget = { iterations: 500 }
    expect((await thread({ problem: endless, budget }, [PROVED_BEST])).solution.stopped).toBe('iterations')
    expect((await thread({ problem: endless, budget }, [CALLED_OFF])).solution.stopped).toBe('aborted')
  })
})
