import { isValid, type Model } from '../model.ts'
import type { Held, Text } from '../types.ts'
import type { PairCheck } from './rule.ts'

/** Every required paper held for the whole shift; one point for each that is missing. */
export function requireAll(
  model: Model,
  required: (slot: number) => string[] | undefined,
  held: (person: number) => Held[] | undefined,
): PairCheck {
  return {
    visit(person, slot, report) {
      const wanted = required(slot)
      if (!wanted || wanted.length === 0) return
      const duty = model.duties[slot]!
      const papers = held(person) ?? []
      const holds = (id: string) => papers.some((paper) => paper.id === id && isValid(paper, duty.start, duty.end))
      const missing = wanted.filter((id) => !holds(id))
      if (missing.length > 0) report(missing.length, describeHeld(papers, missing), missing.join(', '))
    },
  }
}

/** What was seen of papers, in words. */
export function heldText(observed: number | string): Text {
  const expired = /^not valid then: (.*)$/.exec(String(observed))?.[1]
  if (expired) return { zh: `当时已失效或未生效：${expired}`, en: `not valid then: ${expired}` }
  return { zh: '未持有', en: 'holds none' }
}

function describeHeld(papers: Held[], missing: string[]): string {
  const expired = papers.filter((paper) => missing.includes(paper.id)).map((paper) => paper.id)
  return expired.length > 0 ? `not valid then: ${expired.join(', ')}` : 'none'
}

/** One of a list of words. */
export function requireOneOf(
  allowed: (slot: number) => string[] | undefined,
  actual: (person: number) => string | undefined,
): PairCheck {
  return {
    visit(person, slot, report) {
      const list = allowed(slot)
      if (!list || list.length === 0) return
      const value = actual(person)
      if (value === undefined || !list.includes(value)) report(1, value ?? 'none', list.join(', '))
    },
  }
}
