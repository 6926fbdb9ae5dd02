import type { Sample } from '@posttrain/core'
import type { SampleStore } from '../stored.js'

/** A store that lasts as long as whoever holds it. */
export function inMemoryStore(): SampleStore {
  const kept = new Map<string, Sample[]>()
  return {
    get: (key, index) => kept.get(key)?.[index],
    put: (key, sample) => {
      const samples = kept.get(key) ?? []
      samples[sample.index] = sample
      kept.set(key, samples)
    },
  }
}
