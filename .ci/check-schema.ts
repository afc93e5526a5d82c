import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Fails when a table was changed and no migration was made: generates into a copy and expects no new file. */
const copy = mkdtempSync(join(process.cwd(), '.cache-schema-'))
try {
  cpSync('drizzle', join(copy, 'drizzle'), { recursive: true })
  const config = join(copy, 'drizzle.config.ts')
  const settings = { dialect: 'postgresql', schema: './src/**/*.tables.ts', out: `./${basename(copy)}/drizzle` }
  writeFileSync(config, `export default ${JSON.stringify(settings)}\n`)
  const before = readdirSync(join(copy, 'drizzle')).length
  const said = execFileSync('drizzle-kit', ['generate', `--config=${config}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (readdirSync(join(copy, 'drizzle')).length !== before) {
    process.stderr.write(`${said}\nTables and migrations differ. Run: npm run db:generate\n`)
    process.exitCode = 1
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
