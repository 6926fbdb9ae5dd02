import type { ScoreName, TokenCotangents, TokenScores } from '@posttrain/core'
import type { KlClamp, KlValueName } from '../values/kl-value.js'
import type { GradientStatement } from './gradient-statement.js'

/** What a placement needs to know of one sample beside the policy's scores; constants, never differentiated. */
export interface KlConstants {
  /** Log-probs of its tokens under the reference. */
  readonly referenceLogprob: ArrayLike<number>
  /** Log-probs under the policy that drew it; needed by `ratioWeighted`. */
  readonly samplingLogprob?: ArrayLike<number>
}

/** What a placement contributes for one sample. */
export interface KlTerm {
  /** The value it reports, in nats per sequence, without the coefficient. */
  readonly value: number
  /** All of it as ∂loss/∂score: for a trainer that keeps the KL apart from the reward. */
  readonly cotangents: TokenCotangents
  /**
   * The same in two parts, for a trainer that adds `rewards` to the task's and forms advantages from the sums: what is left to
   * differentiate, and the reward of each token. Use the parts or the whole, never both.
   */
  readonly lossCotangents: TokenCotangents
  readonly rewards: Float64Array
}

/** A way to put a KL penalty into a trainer: what it reports, what it differentiates, and what that amounts to. */
export interface KlPlacement {
  readonly name: string
  /** Scores it reads and differentiates. */
  readonly needs: readonly ScoreName[]
  /** What the cotangents are on average over fresh samples of the policy. */
  readonly gradient: GradientStatement
  /** The same over samples of another policy, for instance after the first of several updates. */
  readonly offPolicyGradient: GradientStatement
  /**
   * @param scores of one sample; `referenceKl` too if the placement needs it
   * @param coefficient β, the weight of the penalty
   * @throws PosttrainError `invalid-argument` for missing scores, different lengths or numbers that are not finite
   */
  contribution(scores: TokenScores, constants: KlConstants, coefficient: number): KlTerm
}

/** Which value, and whether it is taken token by token or of the whole sequence. */
export interface PlacementOptions {
  readonly value: KlValueName | 'rao-blackwell'
  /** `token` (default): Σₜ k(lₜ); `sequence`: k(Σₜ lₜ). */
  readonly level?: 'token' | 'sequence'
  /** Cuts off extreme tokens, which biases value and gradient. */
  readonly clamp?: KlClamp
}
