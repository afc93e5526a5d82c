import { text } from 'node:stream/consumers'

/** Reads the last line of the demo from standard input and refuses figures that would disappoint a newcomer. */
const figures = JSON.parse(await text(process.stdin)) as Record<string, number>
const wrong = [
  figures.openMandatory === 0 || `openMandatory is ${figures.openMandatory}, not 0`,
  (figures.assignments ?? 0) >= 400 || `only ${figures.assignments} assignments`,
  (figures.confirmed ?? 0) > 0 || 'nobody confirmed',
  (figures.declined ?? 0) > 0 || 'nobody declined',
  (figures.filledFromReserve ?? 0) > 0 || 'nothing was filled from the reserve',
  (figures.hoursExported ?? 0) > 0 || 'no hours were exported',
  (figures.seconds ?? Number.POSITIVE_INFINITY) < 60 || `it took ${figures.seconds} s`,
].filter((finding) => finding !== true)
for (const finding of wrong) process.stderr.write(`The demo: ${finding}\n`)
process.exitCode = wrong.length > 0 ? 1 : 0
