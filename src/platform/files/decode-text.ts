import { isUtf8 } from 'node:buffer'
import { UnreadableFileError } from './problems.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'gb18030'

/**
 * Text of an upload without its byte order mark. What is not UTF-8 is taken for GB 18030, which contains GBK and
 * GB 2312: that is how Chinese spreadsheets save CSV. UTF-16 is known by its mark only.
 */
export function decodeText(bytes: Buffer): { text: string; encoding: Encoding } {
  const encoding = encodingOf(bytes)
  const text = decodeAs(encoding, bytes)
  if (text === undefined || text.includes('\0')) {
    throw new UnreadableFileError(
      'unknown-encoding',
      'The file is neither UTF-8 nor GBK text. Maybe it is a workbook: save it as CSV UTF-8.',
    )
  }
  return { text, encoding }
}

function decodeAs(encoding: Encoding, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}
