import type { Reading, RewardFunction, Task, TokenSequence } from '@posttrain/core'
import type { TransformerConfig } from '@posttrain/models'
import type { Tokenizer } from '@posttrain/text'

/** A prompt and its right completion. */
export interface PretrainingExample extends TokenSequence {
  readonly prompt: string
}

/** How the embedded checkpoint of a recipe is pretrained. */
export interface PretrainingSettings {
  readonly steps: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
}

/** Defaults of a run. */
export interface RunDefaults {
  /** Each trains a copy of the checkpoint: names of procedures, or of rows that `parseAlgorithm` knows. */
  readonly algorithms: readonly string[]
  readonly steps: number
  readonly promptsPerStep: number
  readonly samplesPerPrompt: number
  readonly learningRate: number
}

/** Counts measured by others. */
export interface PublishedCounts {
  readonly name: string
  /** Samples per task. */
  readonly n: number
  /** Correct ones among them, for each of the published tasks. */
  readonly correct: readonly number[]
}

/** What others reached on some of the held-out tasks, shown beside ours on the same tasks. */
export interface Published {
  /** Ids of held-out tasks. */
  readonly tasks: readonly string[]
  readonly counts: readonly PublishedCounts[]
  readonly note: string
}

/** A task that a small model is pretrained on and then trained for the way it will be used. */
export interface Recipe {
  readonly name: string
  readonly title: string
  readonly tokenizer: Tokenizer
  readonly model: TransformerConfig
  /** Needs no reference, so that it is also what a procedure may choose by. */
  readonly reward: RewardFunction
  /** How a vote reads answers. */
  readonly answerOf: NonNullable<Reading['answerOf']>
  /** Longest completion in tokens. */
  readonly maxTokens: number
  readonly tasks: Readonly<Record<'train' | 'validation' | 'heldOut', readonly Task[]>>
  readonly pretraining: PretrainingSettings
  /** Batches for supervised training: a pure function of the step. */
  readonly pretrainingBatches: (batchSize: number, seed: number) => (step: number) => readonly PretrainingExample[]
  readonly defaults: RunDefaults
  /** What a run's table shows, by the names that `parseObjective` knows. */
  readonly metrics: readonly string[]
  readonly published: Published | undefined
  /** A completion as a person would write it. */
  readonly describe: (completion: string) => string
}
