import fc from 'fast-check'
import { chosenCount, requestId } from '@posttrain/core'
import type { AbortSignalLike, Sample, SampleRequest, Sampler, Task } from '@posttrain/core'
import { requireThat } from './assertions.js'
import type { AsyncLaw } from './law.js'

/** What a sampler is asked. */
export interface SamplerClaims {
  /** Tasks it can answer, at least one; ids must differ. */
  readonly tasks: readonly Task[]
  /** Most completions of one request (default 4). */
  readonly maxCount?: number | undefined
  /** Passed with every request. */
  readonly maxTokens?: number | undefined
}

const keyOf = ({ id, index }: Pick<Sample, 'id' | 'index'>): string => JSON.stringify([id, index])

const drawn = async (sampler: Sampler, requests: readonly SampleRequest[]): Promise<Map<string, Sample>> => {
  const samples = new Map<string, Sample>()
  for await (const sample of sampler.sample(requests)) {
    requireThat(!samples.has(keyOf(sample)), () => `sample ${keyOf(sample)} came twice`)
    samples.set(keyOf(sample), sample)
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
 * The laws of a sampler: every sample asked for comes once, none is lost and none invented, under its own key and seed;
 * a sample depends on its request and index alone, so that a rerun, another batch or a later request for more gives the
 * same ones; a prefix that says nothing changes nothing; the id of a request names them; what is said of tokens fits
 * together; and an aborted call ends with that error.
 *
 * @returns named asynchronous fast-check properties; run them with few runs if sampling is slow
 */
export function samplerLaws(sampler: Sampler, { tasks, maxCount = 4, maxTokens }: SamplerClaims): AsyncLaw[] {
  const requests = fc.record({
    tasks: fc.shuffledSubarray([...tasks], { minLength: 1 }),
    count: fc.integer({ min: 1, max: maxCount }),
    firstIndex: fc.nat({ max: 10 }),
    seed: fc.nat(),
    label: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  })
  type Asked = { tasks: Task[]; count: number; firstIndex: number; seed: number; label: number | undefined }
  const all = ({ tasks: asked, label, ...rest }: Asked): SampleRequest[] =>
    asked.map((task) => ({
      ...rest,
      task,
      maxTokens,
      id: label === undefined ? undefined : requestId(task.id, 'label', label),
    }))
  return [
    {
      name: 'every sample asked for comes once, under its own key',
      property: fc.asyncProperty(requests, async (asked) => {
        const samples = await drawn(sampler, all(asked))
        for (const { task, id = task.id, firstIndex = 0, count, seed } of all(asked)) {
          for (let index = firstIndex; index < firstIndex + count; index++) {
            const sample = samples.get(keyOf({ id, index }))
            requireThat(
              sample?.seed === seed && sample.taskId === task.id,
              () => `sample ${index} of ${id} is missing, or has another seed or task`,
            )
          }
        }
        requireThat(samples.size === asked.tasks.length * asked.count, () => `${samples.size} samples came`)
      }),
    },
    {
      name: 'a sample depends on its request and index alone',
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
      name: 'a prefix that says nothing changes nothing, unless nothing can be continued',
      property: fc.asyncProperty(requests, async (asked) => {
        const begun = all(asked).map((request) => ({ ...request, prefix: [{ text: '' }] }))
        const samples = await drawn(sampler, begun).catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'unsupported') return undefined
          throw error
        })
        if (samples) same(samples, await drawn(sampler, all(asked)))
      }),
    },
    {
      name: 'what is said of tokens fits together, and log-probs are one per chosen token and never above 0',
      property: fc.asyncProperty(requests, async (asked) => {
        for (const sample of (await drawn(sampler, all(asked))).values()) requireConsistent(sample)
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

function requireConsistent(sample: Sample): void {
  const { tokens, mask, textEnds, text, logprobs, usage, finish } = sample
  requireThat(usage.completionTokens >= 0 && usage.promptTokens >= 0, () => 'usage is negative')
  if (finish === 'failed') return
  for (const [name, values] of Object.entries({ mask, textEnds })) {
    if (!values) continue
    requireThat(
      values.length === tokens?.length,
      () => `${name} has ${values.length} entries for ${tokens?.length} tokens`,
    )
  }
  if (textEnds && textEnds.length > 0) {
    const ends = Array.from(textEnds)
    requireThat(
      ends.every((end, i) => end >= (ends[i - 1] ?? 0)) &&
        ends.at(-1)! <= text.length + (sample.stoppedBy?.length ?? 0),
      () => `textEnds are ${ends.join(', ')} for a text of ${text.length}`,
    )
  }
  if (!logprobs) return
  const chosen = chosenCount(sample)
  requireThat(
    logprobs.values.length === chosen,
    () => `${logprobs.values.length} log-probs for ${chosen} chosen tokens`,
  )
  requireThat(
    Array.from(logprobs.values).every((value) => value <= 1e-6),
    () => `log-probs are ${Array.from(logprobs.values).join(', ')}`,
  )
  requireThat(
    (logprobs.top ?? logprobs.values).length === chosen,
    () => `${logprobs.top?.length} lists of likeliest tokens for ${chosen} chosen tokens`,
  )
}
