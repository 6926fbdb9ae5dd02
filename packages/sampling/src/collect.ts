import { abortable, invalidArgument, invalidData, requireInteger, throwIfAborted } from '@posttrain/core'
import type { CallOptions, Sample, Sampler, SampleRequest } from '@posttrain/core'

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
 *   a sampler that leaves out or invents samples; `aborted` at the signal, even where the sampler hangs
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
  const slots = openSlots(requests)
  const lists = requests.map(({ count }) => ({ samples: new Array<Sample | undefined>(count), missing: count }))
  throwIfAborted(signal)
  const asked = requests.filter(({ count }) => count > 0)
  if (asked.length > 0) {
    for await (const sample of whileNotAborted(sampler.sample(asked, { signal }), signal)) {
      const slot = slots.get(keyOf(sample.id, sample.index))
      const list = slot && lists[slot.place]!
      if (!slot || !list || list.samples[slot.position]) {
        throw invalidData(
          `the sampler gave sample ${sample.index} of ${sample.id}, which was not asked for`,
          'a sampler gives each index of each request once, under the id of the request',
        )
      }
      list.samples[slot.position] = sample
      if (--list.missing === 0) yield { place: slot.place, samples: list.samples as Sample[] }
    }
  }
  for (const [place, { samples, missing }] of lists.entries()) {
    const { id, task, firstIndex = 0, count } = requests[place]!
    if (count === 0) yield { place, samples: [] }
    if (missing === 0) continue
    const index = firstIndex + Array.from(samples).indexOf(undefined)
    throw invalidData(
      `the sampler ended without sample ${index} of ${id ?? task.id}: ${missing} of ${count} are missing`,
      "a sample that cannot be had comes as one with finish: 'failed'",
    )
  }
}

/** Where a sample belongs. */
interface Slot {
  readonly place: number
  readonly position: number
}

const keyOf = (id: string, index: number): string => `${index} ${id}`

function openSlots(requests: readonly SampleRequest[]): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  requests.forEach(({ task, id = task.id, count, firstIndex = 0, seed }, place) => {
    requireInteger('count', count, { min: 0 })
    requireInteger('firstIndex', firstIndex, { min: 0 })
    requireInteger('seed', seed)
    for (let position = 0; position < count; position++) {
      const key = keyOf(id, firstIndex + position)
      if (slots.has(key)) {
        throw invalidArgument(
          `sample ${firstIndex + position} of ${id} is asked for twice`,
          'give every task an id of its own, requests of one task different indices, and other contents an id by requestId',
        )
      }
      slots.set(key, { place, position })
    }
  })
  return slots
}

/** What a stream gives, until the signal fires, even if the stream hangs then. */
async function* whileNotAborted<T>(stream: AsyncIterable<T>, signal: CallOptions['signal']): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal)
      if (next.done) {
        ended = true
        return
      }
      yield next.value
      throwIfAborted(signal)
    }
  } finally {
    // A stream that hangs would never answer: it is told to end, and not waited for.
    if (!ended) void iterator.return?.()?.then(undefined, () => {})
  }
}
