import jsqr from 'jsqr'
import type { Picture } from './poppler.ts'

type Scan = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null

const scan = ((jsqr as { default?: unknown }).default ?? jsqr) as Scan

/** The text of a QR code on a picture, as a program of somebody else finds and reads it. */
export function scanned({ width, height, grey }: Picture): string | undefined {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const [index, value] of grey.entries()) pixels.fill(value, index * 4, index * 4 + 3)
  return scan(pixels, width, height)?.data
}
