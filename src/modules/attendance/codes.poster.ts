import type { Readable } from 'node:stream'
import { writeQrPagesPdf } from '../../platform/files/pdf-qr.ts'
import { qrMatrix } from '../../platform/files/qr.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { fill } from '../notifications/notifications.rules.ts'
import { TEXTS } from './codes.texts.ts'

/** A printed code to hang up at a post. */
export function posterOf({
  postName,
  url,
  madeAt,
  locale,
}: {
  postName: string
  url: string
  madeAt: Date
  locale: Locale
}): Readable {
  const { poster } = TEXTS[locale]
  return writeQrPagesPdf({
    title: `${poster.title} ${postName}`,
    language: tongueOf(locale) === 'zh' ? 'zh-CN' : 'en',
    madeAt,
    orientation: 'portrait',
    words: {
      page: (page, pages) => fill(poster.page, { page: String(page), pages: String(pages) }),
      missing: (codes) => fill(poster.missing, { codes }),
    },
    pages: [{ heading: postName, matrix: qrMatrix(url, 'Q'), lines: [poster.title, poster.how, url] }],
  })
}
