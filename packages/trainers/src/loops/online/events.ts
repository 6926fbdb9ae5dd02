import type { Checkpoint, Group, PosttrainError, Sample } from '@posttrain/core'
import type { KlControl } from '@posttrain/kl'
import type { Advantage, AdvantageInput } from '../../advantages/advantage-estimator.js'

/** What was drawn and judged for a step. */
export interface Rollout {
  readonly step: number
  /**
   * As they were drawn: failed and unscored samples are in them. `greedy` is the most likely completion, as a group of
   * one, for algorithms that need it.
   */
  readonly groups: readonly (Group & { readonly greedy?: Group | undefined })[]
}

/** A prompt's samples of a step with what each of them was worth. */
export interface TrainingGroup extends AdvantageInput {
  /** One per sample. */
  readonly advantages: readonly Advantage[]
}

/** What an update found and did. */
export interface UpdateReport {
  readonly step: number
  /** Name of the algorithm that this step followed. */
  readonly algorithm: string
  /** Mean reward of the step's samples; a KL penalty is no part of it. */
  readonly reward: number
  /** Mean over prompts of the objective's estimate. */
  readonly objective: number
  /** Share of prompts with at least one sample of positive reward. */
  readonly solved: number
  /**
   * Mean of −log π over the step's chosen tokens, in nats per token: a ratio of two sums, unbiased for the entropy per
   * token only where all completions have one length.
   */
  readonly entropy: number
  /** Mean of −log π(y) over the step's samples, in nats per sample: unbiased for the entropy of whole completions. */
  readonly sampleEntropy: number
  /**
   * Mean over samples of log π − log π_ref, the estimate k1 of the KL to the reference, in nats; where both are known.
   */
  readonly kl?: number | undefined
  /** Of the KL penalty, for the next step; a run that is resumed is given it back. */
  readonly klControl?: KlControl | undefined
  /** Share of samples with an advantage other than 0: the rest carries no gradient. */
  readonly informative: number
  /** Groups whose samples all got the same reward of the task, whatever was made of it; replaced ones among them. */
  readonly constantGroups: number
  /** Samples that exist and have no score, whatever became of them. */
  readonly unscored: number
  /** Samples that failed; they are always left out. */
  readonly failed: number
  /** Groups left out because too few samples entered. */
  readonly shortGroups: number
  /** Most optimizer steps by which the policy was ahead of the weights that drew a sample; undefined where unknown. */
  readonly staleness?: number | undefined
  /** Of the first update of the batch; 0 if no sample carried a gradient; undefined where a service does not say. */
  readonly gradientNorm: number | undefined
  /** Mean of each of the loss's diagnostics over the updates, for instance `clipFraction`. */
  readonly metrics: Readonly<Record<string, number>>
  /** Prompt and completion tokens that were sampled. */
  readonly tokens: number
  readonly groups: readonly TrainingGroup[]
}

/** The last event of a run whose update would not have been finite. */
export interface TrainingStopped {
  readonly kind: 'stopped'
  /** The step that was not taken. */
  readonly step: number
  readonly reason: PosttrainError
  /** The state before that step, optimizer included: `policy.load` takes it, and the policy is in it. */
  readonly checkpoint: Checkpoint
}

/**
 * What `trainOnline` yields: a step; and as the last event an update that would not have been finite, or before an
 * error that ends a run, for instance when it is aborted, `interrupted`: give its `samples` as `known` and its `groups`
 * as `knownGroups` to the run that continues at `step`.
 */
export type TrainingEvent =
  | (UpdateReport & {
      readonly kind: 'step'
      /** Milliseconds by the caller's clock, of drawing with judging and of the update. */
      readonly timings?: { readonly rollout: number; readonly update: number } | undefined
    })
  | TrainingStopped
  | {
      readonly kind: 'interrupted'
      readonly step: number
      readonly samples: readonly Sample[]
      /** Groups that were judged. */
      readonly groups: readonly Group[]
    }
