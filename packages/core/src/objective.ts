import type { ScoredOutcome } from './outcome.js'

/**
 * A quantity that k samples decide, f(y₁ … y_k): their mean reward, their best, the reward of their majority answer.
 *
 * With n ≥ k independent outcomes of one task `estimate` is unbiased for E[f(y₁ … y_k)]. With n ≥ `minimumSamples`
 * Σᵢ advantagesᵢ · ∇log π(yᵢ) is unbiased for its gradient; the sum is the theorem, so that the 1/n of an average over
 * samples is inside. Variants without these two properties are not objectives and carry a name that says so.
 */
export interface Objective {
  /** The field's name with its k, for instance `pass@8`. */
  readonly name: string
  /** Number of samples the inference procedure draws: `estimate` is unbiased from so many on. */
  readonly k: number
  /** `advantages` are unbiased from so many samples on; at least k. */
  readonly minimumSamples: number
  /** Names in `parts` of the outcomes that it reads: refused before the first sample where nothing gives them. */
  readonly reads?: readonly string[] | undefined
  /** @throws PosttrainError `invalid-argument` for fewer than k outcomes. */
  estimate(outcomes: readonly ScoredOutcome[]): number
  /** As `estimate` of c correct samples among n, which may be too many to list; only where verdicts alone decide. */
  readonly estimateCounts?: ((n: number, c: number) => number) | undefined
  /**
   * One per outcome, in their order. @throws PosttrainError `invalid-argument` for fewer than `minimumSamples`
   * outcomes.
   */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}
