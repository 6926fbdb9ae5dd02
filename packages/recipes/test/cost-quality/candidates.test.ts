import type { Group, Outcome, Sample } from '@posttrain/core'
import { candidateProcedures } from '@posttrain/recipes'
import { replayGroups } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'

const usage = { promptTokens: 1, completionTokens: 1 }
const groupOf = (n: number, outcome: Outcome): Group => ({
  task: { id: `${n}`, prompt: '?' },
  outcomes: Array.from({ length: n }, () => outcome),
  samples: Array.from({ length: n }, (_, index): Sample => {
    return { id: `${n}`, taskId: `${n}`, index, seed: 0, text: '', finish: 'stop', usage }
  }),
})
const namesOf = (groups: readonly Group[], options?: { readonly hasVerifier: boolean }): readonly string[] =>
  candidateProcedures(groups, replayGroups(groups), options).map(({ name }) => name)

describe('candidateProcedures', () => {
  it('are votes where samples have answers, as wide as the task with the fewest', () => {
    const outcome: Outcome = { kind: 'scored', reward: 1, answer: '4' }
    expect(namesOf([groupOf(9, outcome), groupOf(16, outcome)])).toEqual([
      'single sample',
      'maj@4',
      'maj@8',
      'adaptive@9 (beta 0.95)',
      'confident@9 (0.95 after 4)',
      'sequential@8 (3 agree)',
    ])
  })

  it('are choices by a proxy, which is a weight only where it is not negative, and attempts before a verifier', () => {
    const outcome = (proxy: number): Outcome => ({ kind: 'scored', reward: 1, answer: '4', parts: { proxy } })
    const weighted = namesOf([groupOf(2, outcome(0.5))])
    expect(weighted).toEqual(['single sample', 'weighted-maj@2 by proxy', 'best-of-2 by proxy'])
    expect(namesOf([groupOf(2, outcome(-0.5))])).toEqual(['single sample', 'best-of-2 by proxy'])
    const bare: Outcome = { kind: 'scored', reward: 1 }
    expect(namesOf([groupOf(4, bare)])).toEqual(['single sample'])
    expect(namesOf([groupOf(4, bare)], { hasVerifier: true })).toEqual([
      'single sample',
      'first-passing@2 by verifier',
      'first-passing@4 by verifier',
    ])
  })

  it('refuses a task without samples', () => {
    expect(() => namesOf([groupOf(0, { kind: 'scored', reward: 1 })])).toThrow('a task without samples')
    expect(() => namesOf([])).toThrow('a task without samples')
  })
})
