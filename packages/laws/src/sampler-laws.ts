import fc from 'fast-check'
import type { AbortSignalLike, Sample, SampleRequest, Sampler, Task } from '@posttrain/core'
import { requireThat } from './assertions.js'
import type { AsyncLaw } from './law.js'

/** What a sampler is asked. */
export interface SamplerClaims {
  /** Tasks it can answer, at least one; ids must differ. */
  readonly tasks: readonly Task[]
  /** Most completions of one request (default 4). */
  readonly maxCount?: number
  /** Passed with every request. */
  readonly maxTokens?: number
}

const drawn = async (sampler: Sampler, requests: readonly SampleRequest[]): Promise<Map<string, Sample>> => {
  const samples = new Map<string, Sample>()
  for await (const sample of sampler.sample(requests)) {
    const key = JSON.stringify([sample.taskId, sample.index])
    requireThat(!samples.has(key), () => `sample ${key} came twice`)
    samples.set(key, sample)
  }
  return samples
}

const same = (a: Map<string, Sample>, b: Map<string, Sample>): void => {
  requireThat(a.size === b.size, () => `${a.size} samples the first time, ${b.size} the second`)
  for (const [key, sample] of a) {
    requireThat(
      b.get(key)?.text === sample.text && JSON.stringify(b.get(key)?.tokens) === JSON.stringify(sample.tokens),
      () => `sample ${key} was '${sample.text}' the first time and '${b.get(key)?.text}' the second`,
    )
  }
}

const firedSignal: AbortSignalLike = {
  aborted: true,
  addEventListener: (_type, listener) => listener(),
  removeEventListener: () => undefined,
}

/**
 * The laws of a sampler: every sample asked for comes once, under its own key and seed; a sample depends on (seed, task,
 * index) alone, so that a rerun, another batch or a later request for more gives the same ones; log-probs are one per token;
 * and an aborted call ends with that error.
 *
 * @returns named asynchronous fast-check properties; run them with few runs if sampling is slow
 */
export function samplerLaws(sampler: Sampler, { tasks, maxCount = 4, maxTokens }: SamplerClaims): AsyncLaw[] {
  const limit = maxTokens === undefined ? {} : { maxTokens }
  const requests = fc.record({
    tasks: fc.shuffledSubarray([...tasks], { minLength: 1 }),
    count: fc.integer({ min: 1, max: maxCount }),
    firstIndex: fc.nat({ max: 10 }),
    seed: fc.nat(),
  })
  type Asked = { tasks: Task[]; count: number; firstIndex: number; seed: number }
  const all = ({ tasks: asked, ...rest }: Asked): SampleRequest[] => asked.map((task) => ({ task, ...rest, ...limit }))
  return [
    {
      name: 'every sample asked for comes once, under its own key',
      property: fc.asyncProperty(requests, async (asked) => {
        const samples = await drawn(sampler, all(asked))
        for (const { id } of asked.tasks) {
          for (let index = asked.firstIndex; index < asked.firstIndex + asked.count; index++) {
            const sample = samples.get(JSON.stringify([id, index]))
            requireThat(
              sample?.seed === asked.seed,
              () => `sample ${index} of task ${id} is missing or has another seed`,
            )
          }
        }
        requireThat(samples.size === asked.tasks.length * asked.count, () => `${samples.size} samples came`)
      }),
    },
    {
      name: 'a sample depends on seed, task and index alone',
      property: fc.asyncProperty(requests, async (asked) => {
        const together = await drawn(sampler, all(asked))
        same(together, await drawn(sampler, all(asked)))
        const single = new Map<string, Sample>()
        for (const request of all(asked).reverse()) {
          for (let i = 0; i < asked.count; i++) {
            const one = { ...request, count: 1, firstIndex: asked.firstIndex + i }
            for (const [key, sample] of await drawn(sampler, [one])) single.set(key, sample)
          }
        }
        same(together, single)
      }),
    },
    {
      name: 'log-probs are one per token and never above 0',
      property: fc.asyncProperty(requests, async (asked) => {
        for (const { tokens, logprobs, usage } of (await drawn(sampler, all(asked))).values()) {
          requireThat(usage.completionTokens >= 0 && usage.promptTokens >= 0, () => 'usage is negative')
          if (logprobs === undefined) continue
          requireThat(
            logprobs.values.length === tokens?.length,
            () => `${logprobs.values.length} log-probs for ${tokens?.length} tokens`,
          )
          requireThat(
            logprobs.values.every((value) => value <= 1e-6),
            () => `log-probs are ${logprobs.values.join(', ')}`,
          )
        }
      }),
    },
    {
      name: 'an aborted call ends with that error',
      property: fc.asyncProperty(requests, async (asked) => {
        try {
          await sampler.sample(all(asked), { signal: firedSignal })[Symbol.asyncIterator]().next()
        } catch (error) {
          requireThat(
            error instanceof Error && 'code' in error && error.code === 'aborted',
            () => `it threw ${String(error)}`,
          )
          return
        }
        throw new Error('it went on')
      }),
    },
  ]
}
