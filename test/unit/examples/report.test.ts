import { describe, expect, it } from 'vitest'
import { createReport, table, widthOf } from '../../../examples/demo/report.ts'

const paper = (isTTY: boolean) => {
  const written: string[] = []
  return { isTTY, write: (text: string) => written.push(text) > 0, text: () => written.join('') }
}

describe('tables', () => {
  it('count two columns for a Chinese character, so that columns stay straight', () => {
    expect(widthOf('K001 孙沐朗')).toBe(11)
    const lines = table([
      ['post', 'Mon'],
      ['火车站', 'x'],
      ['A', '孙沐朗'],
    ])
    expect(lines).toEqual(['post    Mon', '──────  ──────', '火车站  x', 'A       孙沐朗'])
  })
})

describe('steps', () => {
  it('are numbered and say how long they took', async () => {
    const out = paper(false)
    const report = createReport(out)
    await report.step('First', async ({ say }) => say('a figure'))
    await report.step('Second', async () => {})
    expect(out.text()).toMatch(/^\n 1 {2}First\n {4}a figure\n {4}\(0\.\d s\)\n\n 2 {2}Second\n/)
  })

  it('move a bar on a terminal and leave other outputs without control characters', async () => {
    for (const isTTY of [true, false]) {
      const out = paper(isTTY)
      await createReport(out).step('Long', async ({ progress }) => {
        progress(0.5, 'half')
        progress(1, 'all')
      })
      expect(out.text().includes('█')).toBe(isTTY)
      expect(out.text().includes('\r')).toBe(isTTY)
    }
  })
})
