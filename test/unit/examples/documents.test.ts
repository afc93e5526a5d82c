import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(file, 'utf8')
const documents = ['README.md', ...globSync('docs/**/*.md')].filter((file) => !file.endsWith('.tmp.md'))
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)

describe('the settings table of docs/operations.md', () => {
  it('has the settings of .env.example, in the same order, with the same defaults', () => {
    const table = [...read('docs/operations.md').matchAll(/^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|/gm)]
    const example = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)]
    const pairs = (matches: RegExpExecArray[]) => matches.map(([, name, value]) => `${name}=${value ?? ''}`)
    expect(pairs(example).length).toBeGreaterThan(10)
    expect(pairs(table)).toEqual(pairs(example))
  })
})

describe.each(documents)('%s', (file) => {
  const text = read(file)

  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!)
    const local = targets.filter((target) => !/^[a-z]+:/.test(target))
    expect(local.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([])
  })

  it('names files and folders that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|examples|drizzle|bench)\/[\w./-]*[\w/])`/g)]
    expect(named.map((match) => match[1]!).filter((path) => !existsSync(path))).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map((match) => match[1]!)
    expect(named.filter((name) => !scripts.includes(name))).toEqual([])
  })
})
