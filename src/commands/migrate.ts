import { openHouse } from '../house.ts'
import { readConfig } from '../platform/config/config.ts'

// Opening the house without a door brings the schema up to date and does nothing else.
await using house = await openHouse(readConfig(process.env), { api: false, worker: false })
house.log.info('the schema is up to date')
