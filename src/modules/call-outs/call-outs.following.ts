import type { CallOutTally, TallyNews } from './call-outs.types.ts'

/** How often somebody who follows a call-out is told of what has changed. */
const FOLLOW_EVERY_MS = 500
const HEARTBEAT_EVERY_MS = 15_000

/** Tells a tally whenever it is another one than before, until the call-out is over or the listener is gone. */
export async function* follow(
  read: () => Promise<CallOutTally>,
  pause: (milliseconds: number) => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<TallyNews> {
  let last = ''
  let silentMs = 0
  while (!signal.aborted) {
    const data = await read()
    const isOver = data.state !== 'open'
    const text = JSON.stringify(data)
    if (text !== last || isOver) {
      yield { event: isOver ? 'finished' : 'tally', data }
      silentMs = 0
    } else if (silentMs >= HEARTBEAT_EVERY_MS) {
      yield { event: 'heartbeat' }
      silentMs = 0
    }
    if (isOver) return
    last = text
    silentMs += FOLLOW_EVERY_MS
    await pause(FOLLOW_EVERY_MS)
  }
}
