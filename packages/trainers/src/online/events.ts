import type { PosttrainError, Sample } from '@posttrain/core'
import type { Advantage, JudgedGroup } from '../advantages/advantage-rule.js'

/** A prompt's samples of a step with what each of them was worth. */
export interface TrainingGroup extends JudgedGroup {
  readonly advantages: readonly Advantage[]
}

/** Milliseconds by the caller's clock. */
export interface StepTimings {
  /** Drawing and judging. */
  readonly rollout: number
  readonly update: number
}

/** One step of online training. */
export interface TrainingStep {
  readonly kind: 'step'
  readonly step: number
  /** Name of the algorithm that this step followed. */
  readonly algorithm: string
  /** Mean reward of the step's samples, a KL penalty that is credited to it among them. */
  readonly reward: number
  /** Mean over prompts of the objective's estimate. */
  readonly objective: number
  /** Share of prompts with at least one sample of positive reward. */
  readonly solved: number
  /** Entropy per token in nats, estimated without bias by the mean of −log π over the sampled tokens. */
  readonly entropy: number
  /** Mean over sequences of log π − log π_ref, the estimate k1 of the KL to the reference, in nats; if there is one. */
  readonly kl?: number
  /** Share of samples with an advantage other than 0: the rest carries no gradient. */
  readonly informative: number
  /** Groups whose samples all got the same reward, those that were replaced among them. */
  readonly constantGroups: number
  /** Samples left out because they had no score. */
  readonly unscored: number
  /** Groups left out because too few of their samples had one. */
  readonly shortGroups: number
  readonly gradientNorm: number
  /** Diagnostics of the loss, for instance `clipFraction`. */
  readonly metrics: Readonly<Record<string, number>>
  /** Prompt and completion tokens that were sampled. */
  readonly tokens: number
  readonly groups: readonly TrainingGroup[]
  readonly timings?: StepTimings
}

/** The last event of a run whose update would not have been finite. */
export interface TrainingStopped {
  readonly kind: 'stopped'
  /** The step that was not taken. */
  readonly step: number
  readonly reason: PosttrainError
  /** The last good state, optimizer included: `policy.load` takes it. */
  readonly checkpoint: Uint8Array
}

/**
 * The last event before an error that ends a run while it draws or judges, for instance when it is aborted: give `samples` as `drawn`
 * to the run that continues at `step`.
 */
export interface TrainingInterrupted {
  readonly kind: 'interrupted'
  readonly step: number
  readonly samples: readonly Sample[]
}

/** What `trainOnline` yields. */
export type TrainingEvent = TrainingStep | TrainingStopped | TrainingInterrupted
