import { requireFinite, requireInteger } from './checks.js'
import { described } from './described.js'
import { invalidArgument } from './errors.js'
import type { Piece } from './piece.js'
import type { Prompt } from './prompt.js'
import type { Task } from './task.js'

/** How tokens are drawn. Requests, runs, evaluations and training take the same type. */
export interface SamplingOptions {
  /** Softmax temperature (default 1); 0 takes the most likely token. */
  readonly temperature?: number | undefined
  /**
   * Only the `topK` most likely tokens are drawn, then of these the fewest that hold `topP` of the probability, then of
   * these the ones at least `minP` times as likely as the first (default: every token). A sampler that cannot cut
   * refuses.
   */
  readonly topK?: number | undefined
  /** See `topK`; on (0, 1]. */
  readonly topP?: number | undefined
  /** See `topK`; on [0, 1]. */
  readonly minP?: number | undefined
  /** Bound on the tokens that a request draws (default: what the sampler allows); those of its prefix do not count. */
  readonly maxTokens?: number | undefined
  /** Texts that end a completion; they are not part of its text. */
  readonly stop?: readonly string[] | undefined
}

/**
 * Requires sampling options that some sampler could serve.
 *
 * @throws PosttrainError `invalid-argument`, naming the option, for a number out of range or an empty stop text
 * @example
 * ```ts
 * requireSamplingOptions({ temperature: 0.7, topP: 0.95, maxTokens: 256 }) // => undefined
 * ```
 */
export function requireSamplingOptions(options: SamplingOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument(`sampling must be an object of options, but is ${described(options)}`)
  }
  const { temperature, topK, topP, minP, maxTokens, stop } = options
  if (temperature !== undefined) requireFinite('temperature', temperature, { min: 0 })
  if (topK !== undefined) requireInteger('topK', topK, { min: 1 })
  if (topP !== undefined) requireFinite('topP', topP, { above: 0, max: 1 })
  if (minP !== undefined) requireFinite('minP', minP, { min: 0, max: 1 })
  if (maxTokens !== undefined) requireInteger('maxTokens', maxTokens, { min: 1 })
  if (stop === undefined) return
  if (!Array.isArray(stop)) throw invalidArgument(`stop must be a list of texts, but is ${described(stop)}`)
  for (const text of stop as readonly unknown[]) {
    if (typeof text !== 'string' || text === '') {
      throw invalidArgument(`a stop text must be a text that is not empty, but is ${described(text)}`)
    }
  }
}

/** What changes the distribution that tokens are drawn from. */
export type Shaping = Pick<SamplingOptions, 'temperature' | 'topK' | 'topP' | 'minP'>

/**
 * What of some sampling options shapes the distribution; undefined if they leave it the model's own.
 *
 * @example
 * ```ts
 * shapingOf({ temperature: 1, topP: 0.9, maxTokens: 8 }) // => { topP: 0.9 }
 * shapingOf({ temperature: 1, maxTokens: 8 }) // => undefined
 * ```
 */
export function shapingOf({ temperature, topK, topP, minP }: Shaping): Shaping | undefined {
  const shaping: Shaping = {
    ...(temperature === undefined || temperature === 1 ? {} : { temperature }),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined || topP === 1 ? {} : { topP }),
    ...(minP === undefined || minP === 0 ? {} : { minP }),
  }
  return Object.keys(shaping).length === 0 ? undefined : shaping
}

/** How many completions of one task to draw, and how. */
export interface SampleRequest extends SamplingOptions {
  readonly task: Task
  /** Number of completions. */
  readonly count: number
  /** Index of the first one (default 0); a later request for more continues where the first ended. */
  readonly firstIndex?: number | undefined
  /** Root of the random streams. */
  readonly seed: number
  /**
   * Names the random stream and the samples (default: the task's id). Given weights, prompt, prefix and options, a
   * sample is a function of (seed, id, index), so requests of different content need different ids: see `requestId`.
   */
  readonly id?: string | undefined
  /** What is continued (default: the task's prompt). */
  readonly prompt?: Prompt | undefined
  /**
   * What every completion begins with. A piece that says nothing, `{ text: '' }`, draws the same samples as none, and
   * tells that they will be continued in the model's turn: a sampler that cannot do so refuses it.
   */
  readonly prefix?: readonly Piece[] | undefined
}

/**
 * The name of a stream below a task's: different for different labels, and the task's own id without labels.
 *
 * @example
 * ```ts
 * requestId('sum', 'step', 3, 0) // => '["sum","step",3,0]'
 * requestId('sum') // => 'sum'
 * ```
 */
export const requestId = (taskId: string, ...labels: readonly (string | number)[]): string =>
  labels.length === 0 ? taskId : JSON.stringify([taskId, ...labels])
