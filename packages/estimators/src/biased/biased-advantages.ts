import type { Bias, ScoredOutcome } from '@posttrain/core'

/**
 * Advantages that people use and that are not unbiased, with a statement of their bias that a program can read. They
 * are no `Objective`, so that nothing takes them for one by accident.
 *
 * They follow the field's convention, an advantage per sample: the step of n samples is (1/n)·Σᵢ Aᵢ·∇log π(yᵢ). An
 * `Objective` keeps its theorem, an unbiased Σᵢ Aᵢ·∇log π(yᵢ) with the 1/n inside Aᵢ: times n, its advantages are of
 * this convention.
 */
export interface BiasedAdvantages {
  readonly name: string
  /** Name of the objective they are meant for, for instance `pass@8`. */
  readonly target: string
  readonly minimumSamples: number
  /** How the expected step (1/n)·Σᵢ Aᵢ·∇log π(yᵢ) of n samples relates to the gradient of the target. */
  bias(n: number): Bias
  /**
   * One per outcome, in their order.
   *
   * @throws PosttrainError `invalid-argument` for fewer than `minimumSamples` outcomes
   */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}
