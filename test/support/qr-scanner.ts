import jsqr from 'jsqr'
import type { Picture, Poppler } from './poppler.ts'

type Scan = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null

const scan = ((jsqr as { default?: unknown }).default ?? jsqr) as Scan

/** The text of a QR code on a picture, as a program of somebody else finds and reads it. */
export function scanned({ width, height, grey }: Picture): string | undefined {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const [index, value] of grey.entries()) pixels.fill(value, index * 4, index * 4 + 3)
  return scan(pixels, width, height)?.data
}

/** Of the first page, as somebody holds the camera nearer until the code is found: one distance does not do for all. */
export async function scannedFromPaper(poppler: Poppler, pdf: Buffer): Promise<string | undefined> {
  for (const dotsPerInch of [100, 150, 200, 300]) {
    const [page] = await poppler.render(pdf, dotsPerInch)
    const found = scanned(page!)
    if (found) return found
  }
  return undefined
}
