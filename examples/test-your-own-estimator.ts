// An estimator of your own against published laws: every sequence of outcomes is enumerated, so that "unbiased" is a proof
// and not a plot. In a test suite, each law is one test.
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { maxAtKObjective, passAtK } from '@posttrain/estimators'
import { objectiveLaws } from '@posttrain/laws'
import fc from 'fast-check'

const k = 2
const rewardsOf = (outcomes: readonly ScoredOutcome[]): number[] => outcomes.map(({ reward }) => reward)
const { advantages, minimumSamples } = maxAtKObjective({ k }) // of 0/1 rewards, so that the gradient is that of pass@2

/** 1 − (1 − c/n)ᵏ: plausible, common, and biased. */
const plugIn: Objective = {
  name: 'plug-in pass@2',
  k,
  minimumSamples,
  advantages,
  estimate(outcomes) {
    const rewards = rewardsOf(outcomes)
    const rate = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
    return 1 - (1 - rate) ** k
  },
}

/** 1 − C(n−c, k)/C(n, k). */
const unbiased: Objective = {
  ...plugIn,
  name: 'unbiased pass@2',
  estimate: (outcomes) => passAtK(outcomes.length, rewardsOf(outcomes).filter((reward) => reward === 1).length, k),
}

for (const objective of [plugIn, unbiased]) {
  const laws = objectiveLaws(objective, {
    value: (outcomes) => Math.max(...rewardsOf(outcomes)), // what it is on exactly k samples
    outcome: fc.constantFrom(0, 1).map((reward) => ({ kind: 'scored' as const, reward })),
  })
  for (const { name, property } of laws) {
    const { failed } = fc.check(property, { numRuns: 50, seed: 1 })
    console.log(`${failed ? 'broken' : 'holds '}  ${name}`)
  }
}
