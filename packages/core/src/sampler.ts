import { aborted } from './errors.js'
import type { Sample, SampleRequest } from './sample.js'

/** The part of the platform's `AbortSignal` used here; spelled out so that no package needs DOM or Node types. */
export interface AbortSignalLike {
  readonly aborted: boolean
  /** Calls the listener when the signal fires. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Forgets the listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Options of every call that may take long. */
export interface CallOptions {
  /** Ends the call early with a PosttrainError of code `aborted`. */
  readonly signal?: AbortSignalLike
}

/**
 * Draws completions. Many requests go in at once, so that a local model can batch them and an endpoint can run them
 * concurrently; samples come out as they finish. A sample depends on (seed, task id, index) alone, never on what
 * else is in the batch.
 */
export interface Sampler {
  /** Samples as they finish, in any order. */
  sample(requests: readonly SampleRequest[], options?: CallOptions): AsyncIterable<Sample>
}

/** @throws PosttrainError `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw aborted()
}
