import type { CallOptions } from './calls.js'
import type { LogprobProvenance } from './logprobs.js'
import type { SampleRequest } from './sample-request.js'
import type { Sample } from './sample.js'

/**
 * Draws completions. Many requests go in at once, so that a local model can batch them and an endpoint can run them
 * concurrently; samples come out as they finish. A sample depends on its request and its index alone, never on what
 * else is in the batch.
 */
export interface Sampler {
  /** Of the log-probs that its samples carry. Absent: they carry none. */
  readonly provenance?: LogprobProvenance | undefined
  /** Log-probs of that many of the likeliest tokens are in `logprobs.top` of its samples. Absent: none are. */
  readonly topLogprobs?: number | undefined
  /**
   * Samples as they finish, in any order, each index of each request once. A sample that cannot be had comes as
   * `failed`. The weights are those of the moment when iteration begins, to the end of the stream.
   *
   * @throws PosttrainError `unsupported`, at the first pull and before anything is drawn, for a request that cannot be
   *   served at all: a prefix that cannot be continued, a cut; `sampler-failed` for what would fail every request
   */
  sample(requests: readonly SampleRequest[], options?: CallOptions): AsyncIterable<Sample>
}
