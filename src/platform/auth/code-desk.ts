import type { Foundations } from '../context.ts'
import { type CodeEntry, redeemCode } from './codes.ts'

export type CodeDesk = ReturnType<typeof createCodeDesk>

/** Takes short codes in. The alarm for whoever runs the service is in the log, without code, phone or address. */
export const createCodeDesk = ({ db, clock, log }: Pick<Foundations, 'db' | 'clock' | 'log'>, key: Buffer) => ({
  async enter(entry: CodeEntry) {
    const redeemed = await db.transaction((tx) => redeemCode(tx, entry, key, clock.now()))
    if (redeemed.beyond?.includes('all')) log.warn({}, 'wrong short codes have reached the limit over all')
    return redeemed
  },
})
