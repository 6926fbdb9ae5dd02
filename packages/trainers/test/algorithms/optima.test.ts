import type { Objective, ScoredOutcome } from '@posttrain/core'
import { majorityObjective, meanObjective, passAtKObjective, symmetricObjective } from '@posttrain/estimators'
import { inReward } from '@posttrain/kl'
import { policyGradient, train } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import { rewardOf } from '../support/expected-update.js'
import { oneToken } from '../support/problems.js'

/**
 * Rewards 0 and 1 and a KL penalty leave one number to choose: p, the probability of being correct, since within the correct and
 * within the wrong completions the reference's proportions are best. J(p) = f(p) − β·kl(p ‖ p₀) is concave near its
 * optimum, where f′(p) = β·(logit p − logit p₀).
 */
const BETA = 1
const logit = (p: number): number => Math.log(p / (1 - p))

interface Kind {
  readonly objective: Objective
  readonly f: (p: number) => number
  readonly slope: (p: number) => number
}

/** An objective of one's own: that of two samples exactly one is correct. */
const exactlyOneOfTwo = symmetricObjective({
  name: 'exactly one of 2',
  k: 2,
  f: (outcomes) => (outcomes.reduce((sum, { reward }) => sum + reward, 0) === 1 ? 1 : 0),
})

// Correct completions share one answer, wrong ones another: maj@3 is then a vote between two.
const kinds: Readonly<Record<string, Kind>> = {
  mean: { objective: meanObjective(), f: (p) => p, slope: () => 1 },
  'pass@4': { objective: passAtKObjective({ k: 4 }), f: (p) => 1 - (1 - p) ** 4, slope: (p) => 4 * (1 - p) ** 3 },
  'exactly one of 2': { objective: exactlyOneOfTwo, f: (p) => 2 * p * (1 - p), slope: (p) => 2 - 4 * p },
  'maj@3': { objective: majorityObjective({ k: 3 }), f: (p) => 3 * p ** 2 - 2 * p ** 3, slope: (p) => 6 * p * (1 - p) },
}

const start = (): ReturnType<typeof oneToken> => {
  const problem = oneToken([0, 1, 0, 1])
  const outcomes = Object.fromEntries(
    Object.entries(problem.outcomes).map(([text, outcome]) => {
      const { reward } = outcome as ScoredOutcome
      return [text, { kind: 'scored' as const, reward, answer: reward === 1 ? 'right' : 'wrong' }]
    }),
  )
  return { ...problem, outcomes }
}

const correctMass = async ({ policy, prompt, outcomes }: ReturnType<typeof start>): Promise<number> =>
  (await policy.completions(prompt)).reduce(
    (sum, { text, probability }) => sum + (outcomes[text] as ScoredOutcome).reward * probability,
    0,
  )

const p0 = await correctMass(start())
const kl = (p: number): number => p * Math.log(p / p0) + (1 - p) * Math.log((1 - p) / (1 - p0))
const value = ({ f }: Kind, p: number): number => f(p) - BETA * kl(p)

/** Bisection on f′(p) − β·(logit p − logit p₀), which is positive at p₀ and negative near 1. */
function optimum({ slope }: Kind): number {
  let [low, high] = [p0, 1 - 1e-12]
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (slope(middle) > BETA * (logit(middle) - logit(p0))) low = middle
    else high = middle
  }
  return low
}

describe('training for an objective under a KL penalty', () => {
  it('reaches the optimum of that objective, and beats the others on it', async () => {
    const reached: Record<string, number> = {}
    for (const [name, { objective }] of Object.entries(kinds)) {
      const problem = start()
      const placement = inReward({ value: 'k1' })
      const algorithm = { ...policyGradient(objective), kl: { placement, coefficient: BETA } }
      await train({
        policy: problem.policy,
        tasks: [{ id: problem.prompt, prompt: problem.prompt }],
        reward: rewardOf(problem),
        algorithm,
        steps: 250,
        samplesPerPrompt: 96,
        optimizer: { learningRate: (step) => 0.05 * (1 - step / 250) },
        seed: 5,
      })
      reached[name] = await correctMass(problem)
    }
    for (const [name, kind] of Object.entries(kinds)) {
      const best = value(kind, optimum(kind))
      expect(Math.abs(reached[name]! - optimum(kind)), `${name}: p`).toBeLessThan(0.01)
      expect(best - value(kind, reached[name]!), `${name}: value`).toBeLessThan(2e-4)
      for (const [other, p] of Object.entries(reached)) {
        if (other !== name)
          expect(value(kind, p), `${other} on ${name}`).toBeLessThan(value(kind, reached[name]!) - 1e-3)
      }
    }
  })
})
