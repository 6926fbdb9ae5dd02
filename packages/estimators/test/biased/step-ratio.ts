import type { ScoredOutcome } from '@posttrain/core'
import { bestValue, exactGradient, expectedStep, finitePolicy } from '@posttrain/laws'
import { withRewards } from '../outcomes.js'

/**
 * The expected step (1/n)·Σᵢ Aᵢ·∇log π(yᵢ) over the gradient of pass@k, for groups of n from a policy that is right
 * with probability p. With two outcomes there is one direction, so the ratio says it all.
 */
export function stepRatio(
  p: number,
  n: number,
  k: number,
  advantages: (outcomes: readonly ScoredOutcome[]) => readonly number[],
): number {
  const policy = finitePolicy(withRewards(1, 0), [Math.log(p), Math.log(1 - p)])
  return expectedStep(policy, n, advantages)[0]! / n / exactGradient(policy, k, bestValue)[0]!
}
