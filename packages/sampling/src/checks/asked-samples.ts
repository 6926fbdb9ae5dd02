import {
  abortable,
  described,
  invalidData,
  letEventsRun,
  PosttrainError,
  reasonOf,
  shown,
  throwIfAborted,
} from '@posttrain/core'
import type { CallOptions, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { fieldsOf } from './problem-of.js'
import { OpenSamples, type Slot } from './open-samples.js'
import { problemOfSample } from './problem-of-sample.js'

/** A sample, and where it belongs. */
export interface AskedSample extends Slot {
  readonly sample: Sample
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
  const open = new OpenSamples(requests)
  throwIfAborted(signal)
  const asked = requests.filter(({ count }) => count > 0)
  if (asked.length === 0) return
  let taken = 0
  for await (const sample of streamOf(sampler, asked, signal)) {
    const slot = open.take(requireSample(sample))
    if (!slot) throw notAskedFor(sample)
    requireAsAsked(sample, requests[slot.place]!)
    yield { sample, ...slot }
    if (++taken % SAMPLES_PER_TURN === 0) await letEventsRun()
  }
  const lacking = open.lacking()
  if (!lacking) return
  const { id, task, firstIndex = 0, count } = requests[lacking.place]!
  throw invalidData(
    `the sampler ended without sample ${firstIndex + lacking.position} of ${shown(id ?? task.id)}: ` +
      `${lacking.missing} of ${count} are missing`,
    "a sample that cannot be had comes as one with finish: 'failed'",
  )
}

/**
 * Asks a sampler for no sample of a request, so that it refuses what it cannot serve before anything is paid for.
 *
 * @throws PosttrainError as `askedSamples`
 */
export async function requireServed(
  sampler: Sampler,
  request: Omit<SampleRequest, 'count'>,
  { signal }: CallOptions,
): Promise<void> {
  throwIfAborted(signal)
  for await (const sample of streamOf(sampler, [{ ...request, count: 0 }], signal)) {
    throw notAskedFor(requireSample(sample))
  }
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
