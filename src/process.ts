import { type House, type HouseOptions, openHouse } from './house.ts'
import { ConfigError, readConfig } from './platform/config/config.ts'
import { assertNode } from './platform/config/node-version.ts'

/** Whatever is not closed by then is left as a crash would leave it, before a supervisor's usual 30 s are over. */
const CLOSE_WITHIN_MS = 25_000

const nextSignal = () =>
  new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })

const announce = (house: House) => {
  if (house.url) house.log.info({ url: house.url, docs: `${house.url}/docs` }, 'API is open')
  if (house.nightWatch) house.log.info('worker is at work')
}

/** Ends the process at a second signal, or when closing takes too long: a database that is gone may never answer. */
function endInTime(house: House): void {
  const end = (why: string) => {
    house.log.error(`not closed cleanly: ${why}`)
    process.exit(1)
  }
  setTimeout(() => end('it took too long'), CLOSE_WITHIN_MS).unref()
  void nextSignal().then(() => end('told twice'))
}

/** Runs a process until it is told to stop; exits with 1 and one clear text when it cannot start. */
export async function runProcess(options: Pick<HouseOptions, 'api' | 'worker'>): Promise<void> {
  try {
    assertNode()
    const house = await openHouse(readConfig(process.env), options)
    announce(house)
    const signal = await nextSignal()
    house.log.info({ signal }, 'closing')
    endInTime(house)
    await house.close()
  } catch (error) {
    const text =
      error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : error
    process.stderr.write(`${text}\n`)
    process.exitCode = 1
  }
}
