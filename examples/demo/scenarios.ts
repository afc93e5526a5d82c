import type { Scenario } from './stage.ts'

export const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const
export type Letter = (typeof LETTERS)[number]

/** Throws with the list of scenarios when there is none of this letter. */
export function letterOf(text: string): Letter {
  const letter = LETTERS.find((one) => one === text.toUpperCase())
  if (!letter) throw new Error(`There is no scenario ${text}. There are ${LETTERS.join(', ')}.`)
  return letter
}

/** Scenario A is a week of its own kind and lives in `play.ts` beside this file. */
export const loadScenario = async (letter: Exclude<Letter, 'A'>): Promise<Scenario> =>
  (await import(`../scenario-${letter.toLowerCase()}/play.ts`)) as Scenario
