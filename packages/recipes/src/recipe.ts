import type { RewardFunction, Task, TokenSequence } from '@posttrain/core'
import type { Tokenizer, TransformerConfig } from '@posttrain/models'

/** How the embedded checkpoint of a recipe is pretrained. */
export interface PretrainingSettings {
  readonly steps: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
}

/** Defaults of a run. */
export interface RunDefaults {
  /** Names that `parseAlgorithm` knows. */
  readonly algorithms: readonly string[]
  readonly steps: number
  readonly prompts: number
  readonly samples: number
  readonly learningRate: number
}

/** Counts measured by others. */
export interface ContextCounts {
  readonly name: string
  /** Samples per task. */
  readonly n: number
  /** Correct ones among them, for each task of the context. */
  readonly correct: readonly number[]
}

/** What others reached on some of the held-out tasks, shown beside ours on the same tasks. */
export interface Context {
  /** Ids of held-out tasks. */
  readonly tasks: readonly string[]
  readonly counts: readonly ContextCounts[]
  readonly note: string
}

/** A task that a small model is pretrained on and then trained for the way it will be used. */
export interface Recipe {
  readonly name: string
  readonly title: string
  readonly tokenizer: Tokenizer
  readonly model: TransformerConfig
  readonly reward: RewardFunction
  /** Longest completion in tokens. */
  readonly maxTokens: number
  readonly tasks: Readonly<Record<'train' | 'validation' | 'heldOut', readonly Task[]>>
  readonly pretraining: PretrainingSettings
  /** Batches for supervised training: a pure function of the step. */
  readonly pretrainingBatches: (batchSize: number, seed: number) => (step: number) => readonly TokenSequence[]
  readonly defaults: RunDefaults
  /** What a run's table shows, by the names that `parseObjective` knows. */
  readonly metrics: readonly string[]
  readonly context: Context | undefined
  /** A completion as a person would write it. */
  readonly describe: (completion: string) => string
}
