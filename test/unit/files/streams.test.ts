import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyReader } from '../../../src/platform/db/streams.ts'
import { maskedDocument, maskedEmail, maskedNumber, maskedPhone } from '../../../src/platform/files/masking.ts'

/** As PostgreSQL writes one text a row in the text format of COPY. */
const copied = (text: string) =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\b', '\\b')
    .replaceAll('\f', '\\f')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\v', '\\v')

test('what COPY has escaped comes back, each line with its end, wherever the chunks are cut', () => {
  const line = fc.string({
    unit: fc.constantFrom('a', '\\', 'n', '\n', '\r', '\t', '\v', '\b', '\f', '值', '𬭎'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((one) => `${copied(one)}\n`).join(''))
      const read = copyReader()
      const parts: Buffer[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length]!
        parts.push(read(bytes.subarray(at, at + size)))
        at += size
      }
      expect(Buffer.concat(parts).toString()).toBe(lines.map((one) => `${one}\r\n`).join(''))
    }),
  )
})

test.each([
  [maskedPhone('13812345678'), '138****5678'],
  [maskedPhone('+86 138-1234-5678'), '86138****5678'],
  [maskedPhone('12345'), '*****'],
  [maskedEmail('liming@example.org'), 'li***@example.org'],
  [maskedEmail('a@b.c'), 'a***@b.c'],
  [maskedNumber('330106199001011234'), '330106*********234'],
  [maskedNumber('ZY-17'), 'ZY-17'],
  [maskedDocument('330106199001010018'), '330***********0018'],
  [maskedDocument('E12345678'), 'E******78'],
  [maskedDocument('A12'), '***'],
])('%s', (masked, expected) => expect(masked).toBe(expected))
