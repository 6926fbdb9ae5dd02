import { invalidData, mean } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { allSubsets, subsetCount } from '../subsets.js'
import { checkedObjective } from './checked-objective.js'

/** A quantity of your own that k samples decide. */
export interface SymmetricObjectiveOptions {
  readonly name: string
  readonly k: number
  /**
   * f(y₁ … y_k), whatever the order of its samples. It is also asked for k−1 of them: what they decide without the
   * last. Any finite answer there is right; a good one lowers the variance.
   */
  readonly f: (outcomes: readonly ScoredOutcome[]) => number
  /** Names in `parts` of the outcomes that f reads (default: none). */
  readonly reads?: readonly string[] | undefined
}

/** Subsets of one group that are looked at; where there are more, samples are cut into disjoint groups of k. */
const MOST_SUBSETS = 20_000

/**
 * The objective E[f(y₁ … y_k)] for any symmetric f, with leave-one-out advantages:
 * Aᵢ = (k/n)·mean over the k-subsets I that hold i of f(I) − f(I without i).
 *
 * With n = k that is Tang et al. 2025, section 3 (https://arxiv.org/abs/2503.19595). Up to 20,000 k-subsets of the
 * group are all averaged, which has the least variance. Beyond that the group is cut into ⌊n/k⌋ disjoint ones, and what
 * is left over is not used. Both are unbiased.
 *
 * @param options name, k, f and the parts that f reads
 * @returns an objective of that name; its functions throw `invalid-data` for an f that is not finite
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const best = (outcomes: readonly ScoredOutcome[]) => Math.max(0, ...outcomes.map(({ reward }) => reward))
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * symmetricObjective({ name: 'best of 3', k: 3, f: best }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export function symmetricObjective({ name, k, f, reads }: SymmetricObjectiveOptions): Objective {
  const value = (outcomes: readonly ScoredOutcome[], chosen: readonly number[]): number => {
    const result = f(chosen.map((i) => outcomes[i]!))
    if (!Number.isFinite(result)) throw invalidData(`${name} of ${chosen.length} outcomes is ${result}`)
    return result
  }
  const subsets = (n: number): Iterable<readonly number[]> =>
    subsetCount(n, k) <= MOST_SUBSETS ? allSubsets(n, k) : disjointSubsets(n, k)
  return checkedObjective({
    name,
    k,
    minimumSamples: k,
    reads,
    read: (outcomes) => outcomes,
    estimate: (outcomes) => mean(Array.from(subsets(outcomes.length), (chosen) => value(outcomes, chosen))),
    advantages(outcomes) {
      const totals = new Array<number>(outcomes.length).fill(0)
      let count = 0
      for (const chosen of subsets(outcomes.length)) {
        const whole = value(outcomes, chosen)
        for (const i of chosen) {
          totals[i]! +=
            whole -
            value(
              outcomes,
              chosen.filter((j) => j !== i),
            )
        }
        count++
      }
      return totals.map((total) => total / count)
    },
  })
}

/** The first k, the next k, and so on. */
const disjointSubsets = (n: number, k: number): number[][] =>
  Array.from({ length: Math.floor(n / k) }, (_, group) => Array.from({ length: k }, (_, j) => group * k + j))
