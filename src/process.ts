import { type House, type HouseOptions, openHouse } from './house.ts'
import { ConfigError, readConfig } from './platform/config/config.ts'
import { assertNode } from './platform/config/node-version.ts'

const nextSignal = () =>
  new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })

const announce = (house: House) => {
  if (house.url) house.log.info({ url: house.url, docs: `${house.url}/docs` }, 'API is open')
  if (house.nightWatch) house.log.info('worker is at work')
}

/** Runs a process until it is told to stop; exits with 1 and one clear text when it cannot start. */
export async function runProcess(options: Pick<HouseOptions, 'api' | 'worker'>): Promise<void> {
  try {
    assertNode()
    const house = await openHouse(readConfig(process.env), options)
    announce(house)
    const signal = await nextSignal()
    house.log.info({ signal }, 'closing')
    await house.close()
  } catch (error) {
    const text =
      error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : error
    process.stderr.write(`${text}\n`)
    process.exitCode = 1
  }
}
