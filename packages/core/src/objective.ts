import type { ScoredOutcome } from './outcome.js'

/**
 * A quantity that k samples decide, f(y₁ … y_k): their mean reward, their best, the reward of their majority answer.
 *
 * With n ≥ `minimumSamples` independent outcomes of one task, `estimate` is unbiased for E[f(y₁ … y_k)] and
 * Σᵢ advantagesᵢ · ∇log π(yᵢ) is unbiased for its gradient. Variants without these two properties are not
 * objectives and carry a name that says so.
 */
export interface Objective {
  /** The field's name with its k, for instance `pass@8`. */
  readonly name: string
  /** Number of samples the inference procedure draws. */
  readonly k: number
  /** Fewest samples per task from which both promises hold. */
  readonly minimumSamples: number
  /** @throws PosttrainError `invalid-argument` for fewer than `minimumSamples` outcomes. */
  estimate(outcomes: readonly ScoredOutcome[]): number
  /** One advantage per outcome, in their order. @throws PosttrainError as `estimate`. */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}
