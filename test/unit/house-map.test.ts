import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const IMPORT = /^(?:import|export) (?!type )[^'\n]*?(?:\{[^}]*\} )?(?:from )?'(\.[^']+)'|import\('(\.[^']+)'\)/gm

/** What a file loads when it runs; types leave no trace and bind no room to another. */
const imports = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(IMPORT)].map((match): [string, string] => [
    file,
    relative(SRC, resolve(SRC, dirname(file), (match[1] ?? match[2])!)),
  ]),
)

const forbidden = (room: RegExp, mayImport: RegExp) =>
  imports.filter(([from, to]) => room.test(from) && !mayImport.test(to)).map(([from, to]) => `${from} -> ${to}`)

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(100)
})

test.each([
  ['the solver knows itself only', /^solver\//, /^solver\//],
  ['time knows itself only', /^time\//, /^time\//],
  ['platform knows no module', /^platform\//, /^(platform|time)\//],
  [
    'rules are pure',
    /\.rules\.ts$/,
    /^(solver|time)\/|\.(rules|types|states|tables|schemas|params|columns)\.ts$|date-spans\.ts$|^platform\/(http\/schemas|texts\/catalogue)\.ts$/,
  ],
  [
    'tables touch tables and words only',
    /\.tables\.ts$/,
    /\.(tables|types|states)\.ts$|^platform\/(db\/columns|auth\/actor|texts\/catalogue)\.ts$/,
  ],
  [
    'schemas stay contracts',
    /\.schemas\.ts$/,
    /\.(schemas|tables|types|states|rules|params)\.ts$|^(platform\/(http|auth|config|texts)|solver|time)\//,
  ],
  [
    'routes call services and translate',
    /\.routes\.ts$/,
    /\.(schemas|columns|service|routes|pages|types|views)\.ts$|^modules\/rosters\/|^platform\//,
  ],
])('%s', (_name, room, mayImport) => {
  expect(forbidden(room, mayImport)).toEqual([])
})

const LINES = [
  ['organisation', 'volunteers', 'notifications', 'webhooks', 'holidays'],
  ['crews', 'standing-duties', 'echelons', 'posts', 'rosters'],
  ['confirmations', 'gap-filling', 'attendance'],
  ['call-outs', 'swaps', 'announcements', 'campaigns', 'handovers', 'duty-reports', 'duty-days', 'hours', 'tasks'],
  ['hours-charts', 'summaries', 'roster-files', 'duty-files', 'feeds', 'certificates'],
]
const lineOf = (module: string) => LINES.findIndex((line) => line.includes(module))
const moduleOf = (file: string) => /^modules\/([^/]+)\//.exec(file)?.[1]

test('every module has its place in the house', () => {
  const rooms = new Set(files.map(moduleOf).filter((room) => room !== undefined))
  expect([...rooms].filter((room) => lineOf(room) < 0)).toEqual([])
})

test('services are called upwards only', () => {
  const readable = /\.(tables|types|events|states)\.ts$/
  const wrong = imports.filter(([from, to]) => {
    const [room, other] = [moduleOf(from), moduleOf(to)]
    if (!room || !other || room === other || readable.test(to)) return false
    const beside = room === 'rosters' && ['echelons', 'posts', 'crews', 'standing-duties'].includes(other)
    return !(
      lineOf(other) < lineOf(room) ||
      beside ||
      (lineOf(other) === 0 && lineOf(room) === 0 && other === 'organisation')
    )
  })
  expect(wrong.map(([from, to]) => `${from} -> ${to}`)).toEqual([])
})

test('the machine is asked for time and chance in two places only', () => {
  const asks = /new Date\(\)|Date\.now\(\)|Math\.random\(\)/
  const found = files.filter(
    (file) => !/^(time|platform)\//.test(file) && asks.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect(found).toEqual([])
})

test('settings are read in one file', () => {
  const readers = files.filter((file) => /process\.env/.test(readFileSync(join(SRC, file), 'utf8')))
  expect(readers.filter((file) => !/^(process\.ts|commands\/)/.test(file))).toEqual([])
})
