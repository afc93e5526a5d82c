import { parseArgs } from 'node:util'
import { openHouse } from '../house.ts'
import { command } from '../platform/auth/actor.ts'
import { readConfig } from '../platform/config/config.ts'

const USAGE = `Makes an admin key for a unit tree, and the tree's root when there is none. The key is shown once.
  npm run admin-key -- [--unit "City command"] [--zone Asia/Shanghai] [--kind city] [--name "first key"]`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      unit: { type: 'string' },
      zone: { type: 'string', default: 'Asia/Shanghai' },
      kind: { type: 'string', default: 'city' },
      name: { type: 'string', default: 'admin key' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  await using house = await openHouse({ ...readConfig(process.env), logLevel: 'warn' }, { api: false, worker: false })
  const { organisation } = house.services
  const actor = command('admin-key')
  const roots = await organisation.listRoots()
  const named = roots.find((root) => root.name === values.unit) ?? (values.unit ? undefined : roots[0])
  const root =
    named ??
    (await organisation.createUnit(actor, {
      parentId: null,
      name: values.unit ?? 'Command',
      kind: values.kind,
      zone: values.zone,
    }))
  const key = await organisation.createKey(actor, { unitId: root.id, role: 'admin', name: values.name })
  process.stdout.write(`Unit ${root.name} (${root.id})\nAdmin key, shown once: ${key.key}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`)
  process.exitCode = 1
}
