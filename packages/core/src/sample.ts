import type { Logprobs } from './logprobs.js'
import type { Task } from './task.js'

/** How many completions of one task to draw, and how. */
export interface SampleRequest {
  readonly task: Task
  /** Number of completions. */
  readonly count: number
  /** Index of the first one (default 0); a later request for more continues where the first ended. */
  readonly firstIndex?: number
  /** Softmax temperature (default 1); 0 takes the most likely token. */
  readonly temperature?: number
  /**
   * Only the `topK` most likely tokens are drawn, then of these the fewest that hold `topP` of the probability, then of
   * these the ones at least `minP` times as likely as the first (default: every token). Recorded log-probs stay those
   * their provenance names. A sampler that cannot cut refuses.
   */
  readonly topK?: number
  /** See `topK`; on (0, 1]. */
  readonly topP?: number
  /** See `topK`; on [0, 1]. */
  readonly minP?: number
  /** Upper bound on completion tokens (default: what the sampler allows). */
  readonly maxTokens?: number
  /** Texts that end a completion; they are not part of it. */
  readonly stop?: readonly string[]
  /** Root of the random streams; with the task's id and the sample's index it fixes the sample. */
  readonly seed: number
}

/** What a sample cost. */
export interface Usage {
  readonly promptTokens: number
  readonly completionTokens: number
}

/** One completion. Keyed by (taskId, index); samples may arrive in any order. */
export interface Sample {
  readonly taskId: string
  readonly index: number
  /** The seed of the request it was drawn for: the same seed, task and index give the same sample again. */
  readonly seed: number
  readonly text: string
  readonly tokens?: readonly number[]
  readonly logprobs?: Logprobs
  /** `stop`: the model ended it; `length`: the token limit cut it. */
  readonly finish: 'stop' | 'length'
  readonly usage: Usage
}
