import type { CallOptions, Sample, SampleRequest, Sampler } from '@posttrain/core'

/** All samples of a stream. */
export async function collect(
  sampler: Pick<Sampler, 'sample'>,
  requests: readonly SampleRequest[],
  options?: CallOptions,
): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const sample of sampler.sample(requests, options)) samples.push(sample)
  return samples
}

/** What the first pull of a stream gives. */
export const firstOf = (sampler: Pick<Sampler, 'sample'>, requests: readonly SampleRequest[]): Promise<unknown> =>
  sampler.sample(requests)[Symbol.asyncIterator]().next()
