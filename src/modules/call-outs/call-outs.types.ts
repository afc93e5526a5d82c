import type { tallyView } from './call-outs.views.ts'

/** Where people are called from, one after the other; an echelon set stands for its echelons in order. */
export interface CallTier {
  kind: 'echelon' | 'unit' | 'crew'
  id: string
  name: string
}

export type CallOutTally = ReturnType<typeof tallyView>

/** What somebody who follows a call-out hears. */
export type TallyNews = { event: 'tally' | 'finished'; data: CallOutTally } | { event: 'heartbeat' }
