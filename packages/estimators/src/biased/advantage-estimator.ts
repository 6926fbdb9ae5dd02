import type { ScoredOutcome } from '@posttrain/core'

/**
 * How the expected step Σᵢ Aᵢ·∇log π(yᵢ) relates to the gradient of the target:
 * equal (`exact`); the same but for a known positive or zero factor, one for all prompts (`scaled`); or neither, so that over a
 * batch of prompts it points elsewhere (`direction-changing`).
 */
export type Bias =
  | { readonly kind: 'exact' }
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'direction-changing'; readonly reason: string }

/**
 * Advantages that people use and that are not unbiased, with a statement of their bias that a program can read. Not an
 * `Objective`, so that nothing takes them for one by accident.
 */
export interface AdvantageEstimator {
  readonly name: string
  /** Name of the objective they are meant for, for instance `pass@8`. */
  readonly target: string
  readonly minimumSamples: number
  /** The bias for groups of n samples. */
  bias(n: number): Bias
  /** One advantage per outcome. @throws PosttrainError `invalid-argument` for fewer than `minimumSamples` outcomes. */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}
