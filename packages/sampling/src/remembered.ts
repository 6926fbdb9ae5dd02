import { invalidArgument, type Sample, type Sampler, type SampleRequest } from '@posttrain/core'
import { keptAndMissing } from './internal/kept-and-missing.js'

/** What is there already, and who is told of what comes. */
export interface Remembered {
  /** Samples of an earlier, stopped run. Those that are asked for are used again; failed ones are drawn again. */
  readonly known?: readonly Sample[] | undefined
  /** Called with each new sample before anything else can fail: what it keeps outlives an error or a stop. */
  readonly onSample?: ((sample: Sample) => void) | undefined
}

/**
 * A sampler that gives known samples again and draws only the others. A sample depends on its request alone, so that
 * the result is that of a run that was never stopped.
 *
 * @throws PosttrainError `invalid-argument`, at the first pull, for a known sample of another seed or prompt
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sample: Sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: 'yes', finish: 'stop', usage }
 * const request = { task: { id: 'a', prompt: '?' }, count: 1, seed: 0 }
 * const texts: string[] = []
 * for await (const { text } of remembered(none, { known: [sample] }).sample([request])) texts.push(text)
 * texts // => ['yes']
 * ```
 */
export function remembered(sampler: Sampler, { known = [], onSample }: Remembered): Sampler {
  if (known.length === 0 && !onSample) return sampler
  const byKey = new Map(
    known.filter(({ finish }) => finish !== 'failed').map((sample) => [`${sample.index} ${sample.id}`, sample]),
  )
  return {
    get provenance() {
      return sampler.provenance
    },
    async *sample(requests, options) {
      const { kept, missing } = keptAndMissing(requests, (request, index) => {
        const sample = byKey.get(`${index} ${request.id ?? request.task.id}`)
        if (sample) requireFitting(sample, request)
        return sample
      })
      yield* kept
      if (missing.length === 0) return
      for await (const sample of sampler.sample(missing, options)) {
        onSample?.(sample)
        yield sample
      }
    },
  }
}

function requireFitting(sample: Sample, { seed, prompt }: SampleRequest): void {
  if (sample.seed !== seed) {
    throw invalidArgument(
      `known sample ${sample.index} of ${sample.id} has seed ${sample.seed}, not ${seed}`,
      'continue a run with the seed it was started with',
    )
  }
  if (JSON.stringify(sample.prompt) !== JSON.stringify(prompt)) {
    throw invalidArgument(
      `known sample ${sample.index} of ${sample.id} continues another prompt than the request`,
      'requests of different content need different ids: see requestId',
    )
  }
}
