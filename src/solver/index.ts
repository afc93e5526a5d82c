/** The roster engine: plain data in, roster and reasons out. */
export { defaultRules, withRules } from './defaults.ts'
export { candidates, eligibility, type Prepared, prepare } from './eligibility.ts'
export { evaluate } from './evaluate.ts'
export { type Explanation, explain } from './explain/index.ts'
export { decayedLoad, targetShare } from './shares.ts'
export { solve } from './solve.ts'
export { type SolveInThreadOptions, solveInThread } from './thread.ts'
export type * from './types.ts'
