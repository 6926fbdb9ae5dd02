import type { Bias, Group, ScoredOutcome } from '@posttrain/core'

/** A prompt's samples of one step with what is known of them before advantages are formed; all of them have a score. */
export interface AdvantageInput extends Group<ScoredOutcome> {
  /** The outcome of the most likely completion; present for estimators that need it. */
  readonly greedy?: ScoredOutcome | undefined
  /** Per sample (chosen tokens): reward beside the outcome's; present for estimators by token. */
  readonly tokenRewards?: readonly Float64Array[] | undefined
  /** Per sample (chosen tokens): what the value head said before the update; present for estimators that need it. */
  readonly values?: readonly Float64Array[] | undefined
}

/** The advantage of a whole sequence, or of each of its chosen tokens. */
export type Advantage = number | Float64Array

/** What a group's samples are worth. */
export interface GroupAdvantages {
  /** One per sample, in the field's convention: the average over samples is taken later, by the weights. */
  readonly advantages: readonly Advantage[]
  /** Per sample (chosen tokens): targets of the value head, from estimators that train one. */
  readonly returns?: readonly Float64Array[] | undefined
}

/**
 * How rewards become advantages (verl's `adv_estimator`), for all groups of a batch together: most estimators look at
 * one group at a time, some whiten over the batch or solve a problem under a budget that all prompts share.
 */
export interface AdvantageEstimator {
  readonly name: string
  /** Name of the objective it is meant for, for instance `mean` or `pass@8`. */
  readonly target: string
  /** Fewest samples per prompt. */
  readonly minimumSamples: number
  /** What it needs beside rewards. */
  readonly needs: readonly ('greedy' | 'values' | 'token-rewards')[]
  /**
   * How the expected step (1/n) Σᵢ Aᵢ·∇log π(yᵢ) of a group of n relates to the target's gradient; of whole groups, or
   * of those that lost samples whatever they say.
   */
  bias(n: number): Bias
  /**
   * What is used in its place where unscored samples are left out, `unscored: 'exclude'`: advantages that add up to 0
   * over a group, so that the step is the target's gradient among scored samples. Absent: it is used as it is, and
   * where its advantages do not add up to 0 the step is off by E[Σᵢ Aᵢ]/n·∇log P(scored).
   */
  readonly amongScored?: AdvantageEstimator | undefined
  /** One entry per group, in order. */
  advantages(groups: readonly AdvantageInput[]): readonly GroupAdvantages[]
}
