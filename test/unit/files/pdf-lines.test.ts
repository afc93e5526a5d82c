import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible } from '../../../src/platform/files/font.ts'
import { widthOf, wrap } from '../../../src/platform/files/pdf-lines.ts'

const texts = (text: string, width: number) => wrap(text, width).map((line) => line.text)

test.each<[string, number, string[]]>([
  ['城东卡点值班', 4, ['城东卡点', '值班']],
  ['一二三四，五', 4, ['一二三', '四，五']],
  ['一二三（四）', 4, ['一二三', '（四）']],
  ['阿卜杜·买买提', 3, ['阿卜', '杜·买', '买提']],
  ['check point seven', 6, ['check point', 'seven']],
  ['值班at gate', 3.4, ['值班at', 'gate']],
  ['aaaaaaaaaaaaaaaaaa', 5, ['aaaaaaaa', 'aaaaaaaa', 'aa']],
  ['王明\n李芳\r\n\n兰', 9, ['王明', '李芳', '', '兰']],
  ['', 5, ['']],
  ['一二', 0.5, ['一', '二']],
])('%j in %d em', (text, width, lines) => {
  expect(texts(text, width)).toEqual(lines)
})

test('no line is too long, and nothing is lost', () => {
  const unit = fc.constantFrom('值', '班', '，', '（', '）', '·', 'a', 'W', '.', ' ', '\n', '8', '䶮', '🚧', '仉')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 80 }), fc.double({ min: 1, max: 12, noNaN: true }), (text, width) => {
      const lines = wrap(text, width)
      const squeezed = (some: string) => some.replace(/[ \n]/g, '')
      expect(squeezed(lines.map((line) => line.text).join(''))).toBe(squeezed(visible(text)))
      for (const line of lines) {
        expect(line.width).toBeCloseTo(widthOf(line.text), 6)
        if ([...line.text].length > 1) expect(line.width).toBeLessThanOrEqual(width + 1e-6)
        expect(line.text).not.toMatch(/\n| $/)
      }
    }),
  )
})
