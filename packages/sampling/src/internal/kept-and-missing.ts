import type { Sample, SampleRequest } from '@posttrain/core'

/**
 * Samples that are kept, and requests for the others: runs of neighbouring indices stay one request. One that asks for
 * no sample asks whether it would be served, which only the sampler knows.
 */
export function keptAndMissing(
  requests: readonly SampleRequest[],
  find: (request: SampleRequest, index: number) => Sample | undefined,
): { readonly kept: readonly Sample[]; readonly missing: readonly SampleRequest[] } {
  const kept: Sample[] = []
  const missing: SampleRequest[] = []
  for (const request of requests) {
    const { firstIndex: first = 0, count } = request
    if (count === 0) missing.push(request)
    let run: { firstIndex: number; count: number } | undefined
    const close = (): void => {
      if (run) missing.push({ ...request, ...run })
      run = undefined
    }
    for (let index = first; index < first + count; index++) {
      const sample = find(request, index)
      if (sample) {
        kept.push(sample)
        close()
      } else if (run) run.count++
      else run = { firstIndex: index, count: 1 }
    }
    close()
  }
  return { kept, missing }
}
