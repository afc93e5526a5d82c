import qrcode from 'qrcode-generator'

/** Rows of modules, true where dark; without the quiet zone. */
export type QrMatrix = readonly (readonly boolean[])[]

/** How much may be dirty or torn: about 7, 15, 25 or 30 percent. */
export type QrLevel = 'L' | 'M' | 'Q' | 'H'

/** Light modules that must surround it (ISO/IEC 18004, 9.1). */
export const QR_QUIET_ZONE = 4

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/

/** A QR code, as small as the text allows; text in UTF-8. @throws RangeError when the text is too long for one */
export function qrMatrix(text: string, level: QrLevel = 'M'): QrMatrix {
  const code = qrcode(0, level)
  if (ALPHANUMERIC.test(text)) code.addData(text, 'Alphanumeric')
  else code.addData(Buffer.from(text).toString('latin1'), 'Byte')
  try {
    code.make()
  } catch {
    throw new RangeError(`A QR code cannot hold ${Buffer.byteLength(text)} bytes. Maybe a shorter address?`)
  }
  const sides = Array.from({ length: code.getModuleCount() }, (_, index) => index)
  return sides.map((row) => sides.map((column) => code.isDark(row, column)))
}

/** The dark modules as path data of SVG, one unit each, the corner of the code at (0, 0). */
export const qrPath = (matrix: QrMatrix): string =>
  matrix.flatMap((row, y) => darkRuns(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)).join('')

/** An SVG picture that fills its place, quiet zone included; `name` is what a screen reader says. */
export function qrSvg(matrix: QrMatrix, name: string): string {
  const side = matrix.length + 2 * QR_QUIET_ZONE
  const label = name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}"` +
    ` shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/>` +
    `<path transform="translate(${QR_QUIET_ZONE} ${QR_QUIET_ZONE})" d="${qrPath(matrix)}"/></svg>`
  )
}

function darkRuns(row: readonly boolean[]): [x: number, length: number][] {
  const runs: [number, number][] = []
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1)
    if (dark && last && last[0] + last[1] === x) last[1] += 1
    else if (dark) runs.push([x, 1])
  }
  return runs
}
