import type { ScoreName, TokenCotangents, TokenScores } from './policy.js'

/** What a loss may use of one sequence beside its scores: constants, never differentiated. */
export interface LossConstants {
  /** Advantage of the whole sequence, or of each of its tokens. */
  readonly advantage: number | ArrayLike<number>
  /** Factor of each token's contribution to the sum over the batch, for instance 1 / number of prompts. */
  readonly weight: number
  /** Log-probs at the time of sampling; needed by losses with an importance ratio. */
  readonly samplingLogprob?: ArrayLike<number>
  /** Log-probs under the policy that the updates of this batch start from, if another engine drew the samples. */
  readonly startLogprob?: ArrayLike<number>
  /** Log-probs under the reference policy; needed by preference losses and by estimates of the KL to it. */
  readonly referenceLogprob?: ArrayLike<number>
  /** What the value head should have said at each token; needed by the value loss. */
  readonly returns?: ArrayLike<number>
  /** What it said at the time of sampling; needed by a clipped value loss. */
  readonly samplingValue?: ArrayLike<number>
}

/** A loss over a batch, and its derivative in every score. */
export interface LossValue {
  readonly value: number
  /** One entry per sequence, in order. */
  readonly cotangents: readonly TokenCotangents[]
  /** Named diagnostics, for instance `clipFraction`. */
  readonly metrics: Readonly<Record<string, number>>
}

/** A pure function from token scores and constants to a number and its cotangents. */
export interface Loss {
  readonly name: string
  /** Scores it differentiates; a trainer refuses a policy that cannot before drawing the first sample. */
  readonly needs: readonly ScoreName[]
  /** True if a sequence with advantage 0 adds nothing, so that the trainer may leave it out. */
  readonly vanishesAtZeroAdvantage: boolean
  /** True if its gradient is meant for samples of the current policy alone: a batch serves one update. */
  readonly onPolicy: boolean
  /** True if it reads `startLogprob`: it corrects for samples that another engine drew, which a ratio alone may not. */
  readonly needsStartLogprob?: boolean
  /** True if sequences come in pairs, the preferred one first; the weight of the first counts for the pair. */
  readonly pairs?: boolean
  /** The loss of a batch and its derivatives. @throws PosttrainError `invalid-argument` for constants it needs and lacks. */
  evaluate(scores: readonly TokenScores[], constants: readonly LossConstants[]): LossValue
}
