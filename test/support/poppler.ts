import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import { fetchDebianPackage } from './debian-package.ts'
import { recordSkipped } from './skipped.ts'

/** A reader of PDF that has nothing to do with the writer: Poppler, from the machine or else from Debian. */
export type Poppler = {
  /** The text of each page. */
  text(pdf: Buffer): Promise<string[]>
  /** The words of each page, each with the box it fills, in points from the upper left corner. */
  words(pdf: Buffer): Promise<Word[][]>
  /** Each page as grey pixels, 0 to 255. */
  render(pdf: Buffer, dotsPerInch: number): Promise<Picture[]>
  fonts(pdf: Buffer): Promise<string[]>
  info(pdf: Buffer): Promise<Record<string, string>>
}
export type Word = { text: string; left: number; top: number; right: number; bottom: number }
export type Picture = { width: number; height: number; grey: Buffer }

/** Skips the test, and the run says so at its end, on a machine without Poppler that cannot fetch it. */
export async function popplerOrSkip(context: TestContext): Promise<Poppler> {
  try {
    started ??= poppler()
    return await started
  } catch (error) {
    const why = `Poppler is missing and could not be fetched: ${(error as Error).message.split('\n')[0]}`
    await recordSkipped('what printed pages look like', why)
    return context.skip(why)
  }
}

let started: Promise<Poppler> | undefined
const run = promisify(execFile)

async function poppler(): Promise<Poppler> {
  const call = await caller()
  const read = async (program: string, args: string[], pdf: Buffer) =>
    inFolder(pdf, async (file) => (await call(program, [...args, file, '-'])).stdout)
  return {
    text: async (pdf) => (await read('pdftotext', ['-layout', '-enc', 'UTF-8'], pdf)).split('\f').slice(0, -1),
    words: async (pdf) => {
      const pages = (await read('pdftotext', ['-bbox', '-enc', 'UTF-8'], pdf)).split('<page ').slice(1)
      return pages.map((page) => [...page.matchAll(WORD)].map(([, ...parts]) => wordOf(parts)))
    },
    render: (pdf, dotsPerInch) =>
      inFolder(pdf, async (file, folder) => {
        await call('pdftoppm', ['-gray', '-r', String(dotsPerInch), file, join(folder, 'page')])
        const names = (await readdir(folder)).filter((name) => name.endsWith('.pgm')).sort()
        return Promise.all(names.map(async (name) => readPicture(await readFile(join(folder, name)))))
      }),
    fonts: (pdf) => inFolder(pdf, async (file) => (await call('pdffonts', [file])).stdout.trim().split('\n').slice(2)),
    info: (pdf) =>
      inFolder(pdf, async (file) => {
        const { stdout } = await call('pdfinfo', ['-isodates', file])
        return Object.fromEntries(
          stdout
            .trim()
            .split('\n')
            .map((line) => line.split(/:\s+/, 2)),
        )
      }),
  }
}

async function caller() {
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const installed = await run('pdftotext', ['-v']).then(
    () => true,
    () => false,
  )
  if (installed) return (program: string, args: string[]) => run(program, args, options)
  const { folder, libraryPath } = await fetchDebianPackage('poppler-utils')
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath }
  return (program: string, args: string[]) => run(join(folder, 'usr/bin', program), args, { ...options, env })
}

async function inFolder<T>(pdf: Buffer, use: (file: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-pdf-'))
  try {
    const file = join(folder, 'file.pdf')
    await writeFile(file, pdf)
    return await use(file, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const WORD = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g

function wordOf(parts: string[]): Word {
  const [left, top, right, bottom] = parts.slice(0, 4).map(Number) as [number, number, number, number]
  return { text: parts[4]!, left, top, right, bottom }
}

/** Netpbm's P5. */
function readPicture(file: Buffer): Picture {
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 64))
  if (!header) throw new Error('Not a grey picture.')
  return { width: Number(header[1]), height: Number(header[2]), grey: file.subarray(header[0].length) }
}
