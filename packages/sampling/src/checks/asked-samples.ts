import {
  abortable,
  described,
  invalidArgument,
  invalidData,
  letEventsRun,
  PosttrainError,
  reasonOf,
  requireInteger,
  requireSamplingOptions,
  requireTask,
  shown,
  throwIfAborted,
} from '@posttrain/core'
import type { CallOptions, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { fieldsOf } from './problem-of.js'
import { problemOfSample } from './problem-of-sample.js'

/** A sample, and where it belongs: the request's place in the list, and the sample's among those of the request. */
export interface AskedSample {
  readonly sample: Sample
  readonly place: number
  readonly position: number
}

/** So many samples are taken before timers, input and signals have their turn. */
const SAMPLES_PER_TURN = 1024

/**
 * The samples that were asked for, as the sampler gives them, each once and each checked: what a sampler gives enters
 * here, and nothing behind it looks again.
 *
 * @throws PosttrainError `invalid-argument` for requests that nobody could serve, before anything is drawn;
 *   `sampler-failed` with what the sampler threw; `invalid-data` for anything but the samples asked for; `aborted` at
 *   the signal, even where the sampler hangs
 */
export async function* askedSamples(
  sampler: Sampler,
  requests: readonly SampleRequest[],
  { signal }: CallOptions = {},
): AsyncGenerator<AskedSample> {
  const open = openSlots(requests)
  throwIfAborted(signal)
  const asked = requests.filter(({ count }) => count > 0)
  if (asked.length === 0) return
  let taken = 0
  for await (const sample of streamOf(sampler, asked, signal)) {
    const key = keyOf(requireSample(sample), sample.index)
    const slot = open.get(key)
    if (!slot) throw notAskedFor(sample)
    open.delete(key)
    requireAsAsked(sample, requests[slot.place]!)
    yield { sample, ...slot }
    if (++taken % SAMPLES_PER_TURN === 0) await letEventsRun()
  }
  const [missing] = open.values()
  if (!missing) return
  const { id, task, firstIndex = 0, count } = requests[missing.place]!
  const left = [...open.values()].filter(({ place }) => place === missing.place).length
  throw invalidData(
    `the sampler ended without sample ${firstIndex + missing.position} of ${shown(id ?? task.id)}: ` +
      `${left} of ${count} are missing`,
    "a sample that cannot be had comes as one with finish: 'failed'",
  )
}

/** Where a sample belongs. */
interface Slot {
  readonly place: number
  readonly position: number
}

const keyOf = ({ id }: Pick<Sample, 'id'>, index: number): string => `${index} ${id}`

function openSlots(requests: readonly SampleRequest[]): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  requests.forEach((request, place) => {
    const { task, count, firstIndex = 0, seed } = request
    const { id = requireTask(task).id } = request
    requireInteger('count', count, { min: 0 })
    requireInteger('firstIndex', firstIndex, { min: 0 })
    requireInteger('seed', seed)
    requireSamplingOptions(request)
    for (let position = 0; position < count; position++) {
      const key = keyOf({ id }, firstIndex + position)
      if (slots.has(key)) {
        throw invalidArgument(
          `sample ${firstIndex + position} of ${shown(id)} is asked for twice`,
          'give every task an id of its own, requests of one task different indices, and other contents an id by requestId',
        )
      }
      slots.set(key, { place, position })
    }
  })
  return slots
}

function requireSample(sample: Sample): Sample {
  const problem = problemOfSample(sample)
  if (problem === undefined) return sample
  const { id, index } = fieldsOf(sample) ?? {}
  const name = typeof id === 'string' ? `sample ${described(index)} of ${shown(id)}` : 'a sample'
  throw invalidData(`the sampler gave ${name}, which is wrong: ${problem}`, 'see Sample for what a sample is')
}

const notAskedFor = ({ index, id }: Sample): PosttrainError =>
  invalidData(
    `the sampler gave sample ${index} of ${shown(id)}, which was not asked for`,
    'a sampler gives each index of each request once, under the id of the request',
  )

function requireAsAsked(sample: Sample, { task, seed }: SampleRequest): void {
  const name = `the sampler gave sample ${sample.index} of ${shown(sample.id)}`
  if (sample.taskId !== task.id) {
    throw invalidData(`${name} under task ${shown(sample.taskId)}, but it is of task ${shown(task.id)}`)
  }
  if (sample.seed !== seed) throw invalidData(`${name} with seed ${sample.seed}, but it was asked for with ${seed}`)
}

/** What a sampler gives, until the signal fires, even if the sampler hangs then. */
async function* streamOf(
  sampler: Sampler,
  requests: readonly SampleRequest[],
  signal: CallOptions['signal'],
): AsyncGenerator<Sample> {
  let iterator: AsyncIterator<Sample> | undefined
  let ended = false
  try {
    iterator = iteratorOf(sampler.sample(requests, { signal }))
    for (;;) {
      const next = await nextOf(iterator, signal)
      if (next.done) {
        ended = true
        return
      }
      yield next.value
      throwIfAborted(signal)
    }
  } catch (error) {
    if (error instanceof PosttrainError) throw error
    const cause = { cause: error }
    throw new PosttrainError('sampler-failed', `the sampler failed: ${reasonOf(error)}`, undefined, cause)
  } finally {
    // A stream that hangs would never answer: it is told to end, and not waited for.
    if (iterator && !ended) void endOf(iterator)
  }
}

/** The next sample. One that comes in the turn of the abort is drawn and is not lost: it is given before the abort. */
async function nextOf(iterator: AsyncIterator<Sample>, signal: CallOptions['signal']): Promise<IteratorResult<Sample>> {
  const next = Promise.resolve(iterator.next())
  try {
    return await abortable(next, signal)
  } catch (error) {
    if (!signal?.aborted) throw error
    const late = await Promise.race([next, letEventsRun()]).catch(() => undefined)
    if (late && !late.done) return late
    throw error
  }
}

function iteratorOf(stream: AsyncIterable<Sample>): AsyncIterator<Sample> {
  const given: unknown = stream
  if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given)
    return stream[Symbol.asyncIterator]()
  throw invalidData(`the sampler gave ${described(given)}, not a stream of samples`, 'make sample an async generator')
}

async function endOf(iterator: AsyncIterator<Sample>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // It has been left; what goes wrong in it now is nobody's.
  }
}
