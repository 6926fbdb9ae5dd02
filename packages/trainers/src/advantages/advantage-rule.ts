import type { Sample, ScoredOutcome, Task } from '@posttrain/core'
import type { Bias } from '@posttrain/estimators'

/** A prompt's samples of one step, judged; samples without a score have been left out. */
export interface JudgedGroup {
  readonly task: Task
  readonly samples: readonly Sample[]
  /** One per sample, in their order. A KL penalty that is credited to the reward of whole sequences is in here. */
  readonly outcomes: readonly ScoredOutcome[]
  /** The outcome of the most likely completion; there for rules that need it. */
  readonly greedy?: ScoredOutcome
  /** Per sample and token: reward beside the outcome's, which comes at the last token; there for rules by token. */
  readonly tokenRewards?: readonly Float64Array[]
  /** Per sample and token: log-probs under the reference; there if anything compares with it. */
  readonly referenceLogprobs?: readonly Float64Array[]
  /** Per sample and token: what the value head said before the update; there for rules that need it. */
  readonly values?: readonly Float64Array[]
}

/** The advantage of a whole sequence, or of each of its tokens. */
export type Advantage = number | Float64Array

/** What a group's samples are worth. */
export interface GroupAdvantages {
  /** One per sample. Their 1/n is inside: they add up over the group, as those of an `Objective` do. */
  readonly advantages: readonly Advantage[]
  /** Per sample and token: targets of the value head, from rules that train one. */
  readonly returns?: readonly Float64Array[]
}

/** What a rule needs beside rewards. */
export type AdvantageNeed = 'greedy' | 'values' | 'token-rewards' | 'reference-logprobs'

/**
 * How rewards become advantages, for all groups of a batch together: most rules look at one group at a time, some whiten
 * over the batch or solve a problem under a budget that all prompts share.
 */
export interface AdvantageRule {
  readonly name: string
  /** Name of the objective it is meant for, for instance `mean` or `pass@8`. */
  readonly target: string
  /** Fewest samples per prompt. */
  readonly minimumSamples: number
  readonly needs: readonly AdvantageNeed[]
  /** How the expected step Σᵢ Aᵢ·∇log π(yᵢ) of a group of n relates to the target's gradient. */
  bias(n: number): Bias
  /** One entry per group, in order. */
  assign(groups: readonly JudgedGroup[]): readonly GroupAdvantages[]
}
