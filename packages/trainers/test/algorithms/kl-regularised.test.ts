import { scoreOf, sum, type ScoredOutcome } from '@posttrain/core'
import { adaptiveKl } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/algorithms/algorithm.js'
import { klRegularised } from '../../src/algorithms/kl-regularised.js'
import { transformReward } from '../../src/rewards/transform-reward.js'
import { distance, expectedUpdate, size, weightedScores } from '../support/expected-update.js'
import { manyLengths } from '../support/problems.js'

describe('klRegularised', () => {
  it.each([0, 0.3, 2])(
    'β = %d: the expected update is the gradient of E[R] − β·KL, of a transformed R',
    async (beta) => {
      const problem = manyLengths()
      const { policy, prompt } = problem
      const reference = await policy.snapshot()
      policy.setLogits(prompt, [], [-0.5, 0.6])
      policy.setLogits(prompt, [0], [0.9, 0])
      const completions = await policy.completions(prompt)
      const frozen = await reference.score(completions.map(({ tokens }) => ({ prompt, tokens })))
      const logRatio = new Map(
        completions.map(({ text, probability }, i) => [
          text,
          Math.log(probability) - sum(scoreOf(frozen[i]!, 'logprob')),
        ]),
      )
      const row: Algorithm = {
        ...klRegularised({ klCoefficient: beta }),
        transformReward: (reward) => transformReward(reward, 'squared', () => (r) => r * r),
      }
      const exact = await weightedScores(problem, ({ text, probability }) => {
        const { reward } = problem.outcomes[text] as ScoredOutcome
        return probability * (reward * reward - beta * logRatio.get(text)!)
      })
      for (const n of [2, 3])
        expect(distance(await expectedUpdate(problem, row, n, { reference }), exact)).toBeLessThan(1e-12)
      expect(size(exact)).toBeGreaterThan(0.01)
    },
  )

  it('takes a controller for β', () => {
    const controller = adaptiveKl({ initial: 0.1, target: 5 })
    expect(klRegularised({ klCoefficient: controller }).kl!.coefficient).toBe(controller)
  })
})
