import { invalidArgument } from './errors.js'
import type { ScoreName, TokenCotangents, TokenScores } from './scores.js'

/**
 * What a loss may use of one sequence beside its scores: constants, never differentiated. Arrays are (chosen tokens).
 */
export interface LossConstants {
  /** The sequence's share of the batch: 1 / (prompts · n) under the mean over prompts of the mean over n samples. */
  readonly weight: number
  /** Of the whole sequence, or of each of its tokens. */
  readonly advantage?: number | ArrayLike<number> | undefined
  /** Log-probs recorded by whoever drew the sample. */
  readonly rolloutLogprob?: ArrayLike<number> | undefined
  /** Log-probs of the policy in training before the first update of the batch. */
  readonly oldLogprob?: ArrayLike<number> | undefined
  /** Log-probs under the reference policy. */
  readonly referenceLogprob?: ArrayLike<number> | undefined
  /** What the value head should say at each score: returns, step labels. */
  readonly valueTarget?: ArrayLike<number> | undefined
  /** What the value head said before the first update of the batch. */
  readonly oldValue?: ArrayLike<number> | undefined
  /** By how much the first sequence of a pair should be preferred; on that sequence. */
  readonly margin?: number | undefined
}

/** A constant that a loss may read. */
export type ConstantName = Exclude<keyof LossConstants, 'weight'>

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
  /** Scores it differentiates; a trainer refuses a policy that cannot before the first sample is drawn. */
  readonly differentiates: readonly ScoreName[]
  /** Constants it reads; a trainer refuses a run that lacks one before the first sample is drawn. */
  readonly reads: readonly ConstantName[]
  /** Present if its gradient is meant for samples of the current policy alone: a batch serves one update. */
  readonly onPolicy?: true | undefined
  /** Present if a sequence with advantage 0 adds nothing, so that a trainer may leave it out. */
  readonly vanishesAtZeroAdvantage?: true | undefined
  /** Present if sequences come in pairs, the preferred one first; the weight of the first counts for the pair. */
  readonly pairs?: true | undefined
  /**
   * The loss of a batch and its derivatives. @throws PosttrainError `invalid-argument` for constants it reads and
   * lacks.
   */
  evaluate(scores: readonly TokenScores[], constants: readonly LossConstants[]): LossValue
}

/**
 * A constant that must be there.
 *
 * @throws PosttrainError `invalid-argument` if it is missing
 * @example
 * ```ts
 * constantOf({ weight: 1, margin: 0.5 }, 'margin') // => 0.5
 * ```
 */
export function constantOf<N extends ConstantName>(constants: LossConstants, name: N): NonNullable<LossConstants[N]> {
  const value = constants[name]
  if (value === undefined) throw invalidArgument(`the constant ${name} is missing`)
  return value
}
