/** Seeded random numbers: the only chance in the engine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, n). */
  below(n: number): number
}

/** The sfc32 generator (Chris Doty-Humphrey's small fast chaotic generator), its state filled from one number. */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9 ^ seed
  let b = (Math.floor(seed / 2 ** 32) ^ 0x243f6a88) | 0
  let c = 0xb7e15162 | 0
  let counter = 1
  const step = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) step()
  return {
    next: () => step() / 2 ** 32,
    below: (n) => Math.floor((step() / 2 ** 32) * n),
  }
}

/** Puts an array in random order, in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = items[i]!
    items[i] = items[j]!
    items[j] = kept
  }
  return items
}
