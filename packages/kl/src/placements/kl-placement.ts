import type { ConstantName, LossConstants, ScoreName, TokenCotangents, TokenScores } from '@posttrain/core'
import type { KlClamp } from '../values/clamped.js'
import type { KlValueName } from '../values/kl-value.js'
import type { GradientStatement } from './gradient-statement.js'

/** What a placement may use of one sample beside the policy's scores: log-probs of the reference and of who drew it. */
export type KlConstants = Pick<LossConstants, 'referenceLogprob' | 'rolloutLogprob'>

/** What a placement contributes for one sample. */
export interface KlTerm {
  /** The value it reports, in nats per sequence, without the coefficient. */
  readonly value: number
  /** All of it as ∂loss/∂score: for a trainer that keeps the KL apart from the reward. */
  readonly cotangents: TokenCotangents
  /**
   * With `rewards`, the same in two parts, for a trainer that adds rewards to the task's and makes advantages of the
   * sums. This is what is left to differentiate. Use the parts or the whole, never both.
   */
  readonly lossCotangents: TokenCotangents
  /** (chosen tokens): the reward of each. */
  readonly rewards: Float64Array
}

/** A way to put a KL penalty into a trainer: what it reports, what it differentiates, and what that amounts to. */
export interface KlPlacement {
  readonly name: string
  /**
   * Where it acts, which is where a trainer credits it: through `rewards`, whose baseline is the trainer's, through
   * `lossCotangents`, or both.
   */
  readonly places: readonly ('reward' | 'loss')[]
  /** Scores to ask for: those that it differentiates, and those whose values it needs. */
  readonly differentiates: readonly ScoreName[]
  /** Constants that it reads. */
  readonly reads: readonly ConstantName[]
  /** What the cotangents are on average over fresh samples of the policy. */
  readonly gradient: GradientStatement
  /** The same over samples of another policy, for instance after the first of several updates. */
  readonly offPolicyGradient: GradientStatement
  /**
   * What one sample contributes.
   *
   * @param scores (chosen tokens) each, at least those of `differentiates`
   * @param constants (chosen tokens) each, at least those of `reads`
   * @param coefficient β ≥ 0, the weight of the penalty
   * @throws PosttrainError `invalid-argument` for missing scores or constants, different lengths or numbers that are
   *   not finite
   */
  contribution(scores: TokenScores, constants: KlConstants, coefficient: number): KlTerm
}

/** Which value, and whether it is taken token by token or of the whole sequence. */
export interface PlacementOptions {
  readonly value: KlValueName | 'rao-blackwell'
  /** `token` (default): Σₜ k(lₜ); `sequence`: k(Σₜ lₜ). */
  readonly level?: 'token' | 'sequence' | undefined
  /** Cuts off extreme tokens, which biases value and gradient. */
  readonly clamp?: KlClamp | undefined
}
