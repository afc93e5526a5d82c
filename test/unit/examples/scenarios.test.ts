import { describe, expect, it } from 'vitest'
import { LETTERS, letterOf, loadScenario } from '../../../examples/demo/scenarios.ts'

describe('the scenarios of the demo', () => {
  it('are known by their letter, large or small', () => {
    expect(letterOf('B')).toBe('B')
    expect(letterOf('d')).toBe('D')
  })

  it('an unknown one is answered with the list', () => {
    expect(() => letterOf('X')).toThrow('There is no scenario X. There are A, B, C, D, E.')
  })

  it.each(LETTERS.filter((letter) => letter !== 'A'))('%s has a setting and a play', async (letter) => {
    const { setting, play } = await loadScenario(letter)
    expect(setting.startsLocal).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
    expect(play).toBeTypeOf('function')
  })
})
