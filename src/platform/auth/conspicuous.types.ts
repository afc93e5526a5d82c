/** Why an answer may have been given by a program that reads mail, and not by the person. */
export const CONSPICUOUS = ['quick', 'hosting'] as const
export type Conspicuous = (typeof CONSPICUOUS)[number]

/** The HTTP request that an answer came with. */
export interface Visit {
  requestId: string
  /** Network address; judged and forgotten. */
  ip: string
}
