const stepsOf = (path: string): string[] => path.split('/').filter(Boolean)

/** Steps from one unit to another through the tree, by their paths: 0 in the same unit, 1 to the one above it. */
export function stepsBetween(path: string, other: string): number {
  const [a, b] = [stepsOf(path), stepsOf(other)]
  const parts = a.findIndex((step, index) => step !== b[index])
  const common = parts < 0 ? a.length : parts
  return a.length - common + (b.length - common)
}
