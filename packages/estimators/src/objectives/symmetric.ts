import { invalidData, requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { mean } from '../mean.js'

/** A quantity of your own that k samples decide. */
export interface SymmetricObjectiveOptions {
  readonly name: string
  readonly k: number
  /**
   * f(y₁ … y_k), whatever the order of its samples. It is also asked for k−1 of them: what they decide without the
   * last. Any finite answer there is right; a good one lowers the variance.
   */
  readonly f: (outcomes: readonly ScoredOutcome[]) => number
}

/** Subsets of one group that are looked at; where there are more, samples are cut into disjoint groups of k. */
const MOST_SUBSETS = 20_000

/**
 * The objective E[f(y₁ … y_k)] for any symmetric f, with leave-one-out advantages:
 * Aᵢ = (k/n)·mean over the k-subsets I that hold i of f(I) − f(I without i).
 *
 * With n = k that is Tang et al. 2025, section 3 (https://arxiv.org/abs/2503.19595). With up to 20,000 k-subsets of the group all of
 * them are averaged, which has the least variance; beyond that the group is cut into ⌊n/k⌋ disjoint ones and what is left over
 * is not used. Both are unbiased.
 *
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer; its functions `invalid-data` for an f that is
 *   not finite
 * @example
 * ```ts
 * const best = (outcomes: readonly ScoredOutcome[]) => Math.max(0, ...outcomes.map(({ reward }) => reward))
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * symmetricObjective({ name: 'best of 3', k: 3, f: best }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export function symmetricObjective({ name, k, f }: SymmetricObjectiveOptions): Objective {
  requireInteger('k', k, { min: 1 })
  const value = (outcomes: readonly ScoredOutcome[]): number => {
    const result = f(outcomes)
    if (!Number.isFinite(result)) throw invalidData(`${name} of ${outcomes.length} outcomes is ${result}`)
    return result
  }
  const subsets = (n: number): number[][] => {
    requireEnoughSamples(name, k, n)
    return countSubsets(n, k) <= MOST_SUBSETS ? allSubsets(n, k) : disjointSubsets(n, k)
  }
  return {
    name,
    k,
    minimumSamples: k,
    estimate: (outcomes) =>
      mean(Float64Array.from(subsets(outcomes.length), (subset) => value(subset.map((i) => outcomes[i]!)))),
    advantages(outcomes) {
      const chosen = subsets(outcomes.length)
      const advantages = new Array<number>(outcomes.length).fill(0)
      for (const subset of chosen) {
        const whole = value(subset.map((i) => outcomes[i]!))
        for (const i of subset) {
          advantages[i]! += (whole - value(subset.filter((j) => j !== i).map((j) => outcomes[j]!))) / chosen.length
        }
      }
      return advantages
    },
  }
}

/** C(n, k), or more than can be enumerated. */
function countSubsets(n: number, k: number): number {
  let count = 1
  for (let i = 1; i <= k && count <= MOST_SUBSETS * n; i++) count = (count * (n - k + i)) / i
  return Math.round(count)
}

function allSubsets(n: number, k: number): number[][] {
  let subsets: number[][] = [[]]
  for (let size = 0; size < k; size++) {
    subsets = subsets.flatMap((subset) => {
      const first = (subset.at(-1) ?? -1) + 1
      return Array.from({ length: n - k + size + 1 - first }, (_, i) => [...subset, first + i])
    })
  }
  return subsets
}

const disjointSubsets = (n: number, k: number): number[][] =>
  Array.from({ length: Math.floor(n / k) }, (_, group) => Array.from({ length: k }, (_, j) => group * k + j))
