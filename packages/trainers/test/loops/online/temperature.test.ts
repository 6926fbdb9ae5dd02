import type { ScoredOutcome } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { reinforce } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import {
  completionsAt,
  distance,
  expectedUpdate,
  gradientOfExpectation,
  weightedScores,
  type Problem,
} from '../../support/expected-update.js'
import { manyLengths } from '../../support/problems.js'

describe('training at a temperature', () => {
  /** p = 0.5, 0.3, 0.2 and rewards 0, 1, 0.5. */
  const three = (): Problem => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'] })
    policy.setLogits('x', [], [0.5, 0.3, 0.2].map(Math.log))
    const outcomes = Object.fromEntries(
      ['a', 'b', 'c'].map((word, i) => [word, { kind: 'scored' as const, reward: [0, 1, 0.5][i]! }]),
    )
    return { policy, prompt: 'x', outcomes }
  }
  const rewardIn = ({ outcomes }: Problem, text: string): number => (outcomes[text] as ScoredOutcome).reward

  it('follows the gradient of what is sampled', async () => {
    const problem = three()
    const temperature = 0.5
    const draws = await completionsAt(problem, temperature)
    const q = [25, 9, 4].map((x) => x / 38) // p² renormalised
    draws.forEach(({ probability }, i) => expect(probability).toBeCloseTo(q[i]!, 14))
    const update = await expectedUpdate(problem, reinforce(), 1, { draws, settings: { sampling: { temperature } } })
    // ∂/∂z of E[r] under softmax(z/T): π_T·(r − r̄)/T
    const r = q[1]! + 0.5 * q[2]!
    ;[0, 1, 0.5].forEach((reward, i) => expect(update[i]).toBeCloseTo((q[i]! * (reward - r)) / temperature, 13))
    ;[-0.381, 0.337, 0.044].forEach((value, i) => expect(update[i]).toBeCloseTo(value, 3))
  })

  it('would follow another direction if the same samples were scored without it, with a component of the wrong sign', async () => {
    const problem = three()
    const draws = await completionsAt(problem, 0.5)
    const update = await expectedUpdate(problem, reinforce(), 1, { draws })
    ;[-0.145, 0.15, -0.005].forEach((value, i) => expect(update[i]).toBeCloseTo(value, 3))
  })

  it.each([0.5, 0.8, 2])('T = %d: of completions of several tokens, for best-of-2', async (temperature) => {
    const problem = manyLengths()
    const best = policyGradient(passAtKObjective({ k: 2 }))
    const outcomes = Object.entries(problem.outcomes).map(([text]): [string, ScoredOutcome] => [
      text,
      { kind: 'scored', reward: Number(rewardIn(problem, text) > 0.5) },
    ])
    const binary = { ...problem, outcomes: Object.fromEntries(outcomes) }
    const draws = await completionsAt(binary, temperature)
    const update = await expectedUpdate(binary, best, 3, { draws, settings: { sampling: { temperature } } })
    // Σ over pairs of P_T·f·Σ ∇log π_T, with the policy scored at T.
    const weights = new Map<string, number>()
    for (const a of draws) {
      for (const b of draws) {
        const value = a.probability * b.probability * Math.max(rewardIn(binary, a.text), rewardIn(binary, b.text))
        for (const { text } of [a, b]) weights.set(text, (weights.get(text) ?? 0) + value)
      }
    }
    const exact = await weightedScores(binary, ({ text }) => weights.get(text) ?? 0, temperature)
    expect(distance(update, exact)).toBeLessThan(1e-12)
    const raw = await gradientOfExpectation(binary, 2, (group) =>
      Math.max(...group.map(({ text }) => rewardIn(binary, text))),
    )
    expect(distance(update, raw)).toBeGreaterThan(0.01)
  })
})
