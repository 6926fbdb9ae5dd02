import { saysNothing, type Sample, type Sampler, type SampleRequest } from '@posttrain/core'
import { keptAndMissing } from './internal/kept-and-missing.js'

/** Where samples are kept: functions, so that it can be a map, a file or a database. */
export interface SampleStore {
  /**
   * The sample, if it is there.
   *
   * @param key of the request that it was drawn for, see `requestKey`
   */
  get(key: string, index: number): Sample | undefined
  /** Keeps a sample. */
  put(key: string, sample: Sample): void
  /** Notes what a failed sample cost, without keeping its place. Absent: that is forgotten. */
  readonly putFailed?: ((key: string, sample: Sample) => void) | undefined
}

/**
 * Everything that makes a sample what it is, but the sampler and the index: seed, id, prompt, prefix and options, and
 * how many of the likeliest tokens' log-probs it carries. Two requests with the same key ask for the same samples.
 * Pieces of a prefix that say nothing do not count.
 *
 * @param topLogprobs of the sampler
 * @example
 * ```ts
 * const request = { task: { id: 'a', prompt: '?' }, count: 1, seed: 0 }
 * requestKey(request) === requestKey({ ...request, count: 8, temperature: 1 }) // => true
 * ```
 */
export const requestKey = (request: SampleRequest, topLogprobs?: number): string => {
  const { task, seed, id = task.id, prompt = task.prompt, prefix = [] } = request
  const said = prefix.filter((piece) => !saysNothing(piece))
  const { temperature = 1, topK = null, topP = 1, minP = 0, maxTokens = null, stop = [] } = request
  const asked = [seed, id, prompt, said, temperature, topK, topP, minP, maxTokens, stop]
  return JSON.stringify(topLogprobs === undefined ? asked : [...asked, { topLogprobs }])
}

/**
 * A sampler that keeps what it draws in a store, and draws only what the store lacks. A failed sample is not kept: it
 * is asked for again.
 *
 * @param store of this sampler alone; another sampler needs another store
 * @example
 * ```ts
 * const kept = new Map<string, Sample>()
 * const store = {
 *   get: (key: string, index: number) => kept.get(`${index} ${key}`),
 *   put: (key: string, sample: Sample) => void kept.set(`${sample.index} ${key}`, sample),
 * }
 * const none: Sampler = { async *sample() {} }
 * stored(none, store).provenance // => undefined
 * ```
 */
export const stored = (sampler: Sampler, store: SampleStore): Sampler => ({
  get provenance() {
    return sampler.provenance
  },
  get topLogprobs() {
    return sampler.topLogprobs
  },
  async *sample(requests, options) {
    const keyOf = (request: SampleRequest): string => requestKey(request, sampler.topLogprobs)
    const keys = new Map<string, string>()
    for (const request of requests) keys.set(request.id ?? request.task.id, keyOf(request))
    const { kept, missing } = keptAndMissing(requests, (request, index) => store.get(keyOf(request), index))
    yield* kept
    if (missing.length === 0) return
    for await (const sample of sampler.sample(missing, options)) {
      const key = keys.get(sample.id)
      if (key !== undefined && sample.finish !== 'failed') store.put(key, sample)
      if (key !== undefined && sample.finish === 'failed') store.putFailed?.(key, sample)
      yield sample
    }
  },
})
