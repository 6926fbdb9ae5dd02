import { invalidArgument, invalidData, shown } from '@posttrain/core'
import type { Group, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { askedSamples, requireServed } from './checks/asked-samples.js'
import { keptAndMissing } from './internal/kept-and-missing.js'
import { problemOfSample } from './checks/problem-of-sample.js'
import { tell } from './internal/tell.js'

/** What is there already, and who is told of what comes: the journal and the progress of a run. */
export interface Remembered {
  /** Samples of an earlier, stopped run. Those that are asked for are used again; failed ones are drawn again. */
  readonly known?: readonly Sample[] | undefined
  /**
   * Groups of an earlier, stopped run, judged by the same reward. Those that are asked for are neither drawn nor judged
   * again, but for those with failed samples.
   */
  readonly knownGroups?: readonly Group[] | undefined
  /**
   * Called with each new sample before anything else can fail, and awaited: what it keeps outlives an error or a stop.
   */
  readonly onSample?: ((sample: Sample) => void | Promise<void>) | undefined
  /**
   * Called with each new group once it is judged, and awaited before the group is given out. Groups that were finished
   * when a call failed, or at an abort, come here before the error is thrown.
   */
  readonly onGroup?: ((group: Group) => void | Promise<void>) | undefined
}

/**
 * A sampler that gives known samples again and draws only the others. A sample depends on its request alone, so that
 * the result is that of a run that was never stopped.
 *
 * @throws PosttrainError `invalid-data` for a known sample that is none; `invalid-argument`, at the first pull, for one
 *   of another seed or prompt; as `collect`
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
export function remembered(
  sampler: Sampler,
  { known = [], onSample }: Pick<Remembered, 'known' | 'onSample'>,
): Sampler {
  if (known.length === 0 && !onSample) return sampler
  known.forEach(requireKnown)
  const byKey = new Map(
    known.filter(({ finish }) => finish !== 'failed').map((sample) => [`${sample.index} ${sample.id}`, sample]),
  )
  return {
    get provenance() {
      return sampler.provenance
    },
    get topLogprobs() {
      return sampler.topLogprobs
    },
    async *sample(requests, options = {}) {
      const { kept, missing } = keptAndMissing(requests, (request, index) => {
        const sample = byKey.get(`${index} ${request.id ?? request.task.id}`)
        if (!sample || !holdsAll(sample, sampler)) return undefined
        requireFitting(sample, request)
        return sample
      })
      for (const request of missing) if (request.count === 0) await requireServed(sampler, request, options)
      yield* kept
      if (missing.length === 0) return
      for await (const { sample } of askedSamples(sampler, missing, options)) {
        const where = `on sample ${sample.index} of ${shown(sample.id)}`
        if (onSample) await tell('onSample', where, () => onSample(sample), options)
        yield sample
      }
    },
  }
}

function requireKnown(sample: Sample, i: number): void {
  const problem = problemOfSample(sample)
  if (problem !== undefined) throw invalidData(`known[${i}] is no sample: ${problem}`)
}

/** A sample without `logprobs.top` is none of a sampler that gives them, so that it is drawn again. */
const holdsAll = ({ logprobs }: Sample, { topLogprobs }: Sampler): boolean =>
  topLogprobs === undefined || logprobs?.top !== undefined

/** @throws PosttrainError `invalid-argument` for a known sample of another seed or prompt than the request */
export function requireFitting(sample: Sample, { seed, prompt }: SampleRequest): void {
  const name = `known sample ${sample.index} of ${shown(sample.id)}`
  if (sample.seed !== seed) {
    throw invalidArgument(
      `${name} has seed ${sample.seed}, not ${seed}`,
      'continue a run with the seed it was started with',
    )
  }
  if (JSON.stringify(sample.prompt) !== JSON.stringify(prompt)) {
    throw invalidArgument(
      `${name} continues another prompt than the request`,
      'requests of different content need different ids: see requestId',
    )
  }
}
