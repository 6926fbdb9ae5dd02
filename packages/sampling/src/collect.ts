import type { CallOptions, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { askedSamples } from './checks/asked-samples.js'

/** All samples of one request, in the order of their indices. */
export interface Collected {
  /** Place of the request in the list. */
  readonly place: number
  readonly samples: readonly Sample[]
}

/**
 * Draws all samples that were asked for, checked: a sample that is left out, invented or given twice is an error, never
 * a smaller group.
 *
 * @param requests no two may ask for the same (id, index)
 * @returns one list of samples per request, in their order, each in the order of the indices
 * @throws PosttrainError `invalid-argument` for a sample asked for twice, before anything is drawn; `invalid-data` for
 *   a sampler that leaves out or invents samples, or gives something else; `sampler-failed` with what it threw;
 *   `aborted` at the signal, even where the sampler hangs
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * await collect(none, []) // => []
 * ```
 */
export async function collect(
  sampler: Sampler,
  requests: readonly SampleRequest[],
  options: CallOptions = {},
): Promise<readonly (readonly Sample[])[]> {
  const all = new Array<readonly Sample[]>(requests.length)
  for await (const { place, samples } of collectAsFinished(sampler, requests, options)) all[place] = samples
  return all
}

/**
 * As `collect`, each request's samples as soon as the last of them is there.
 *
 * @throws PosttrainError as `collect`
 */
export async function* collectAsFinished(
  sampler: Sampler,
  requests: readonly SampleRequest[],
  { signal }: CallOptions = {},
): AsyncGenerator<Collected> {
  const lists = requests.map(({ count }) => ({ samples: [] as Sample[], missing: count }))
  for await (const { sample, place, position } of askedSamples(sampler, requests, { signal })) {
    const list = lists[place]!
    list.samples[position] = sample
    if (--list.missing === 0) yield { place, samples: list.samples }
  }
  for (const [place, { count }] of requests.entries()) if (count === 0) yield { place, samples: [] }
}
