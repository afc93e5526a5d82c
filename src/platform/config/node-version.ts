/** The first version that runs TypeScript as it is. npm scripts bring their own Node on Linux. */
const NEEDED = [22, 18] as const

export function assertNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return
  throw new Error(
    `Node ${version} cannot run TypeScript. Maybe start through npm (npm start), which brings Node 24, or install Node ${NEEDED.join('.')} or newer.`,
  )
}
