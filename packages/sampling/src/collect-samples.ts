import { invalidArgument, invalidData, requireInteger, throwIfAborted } from '@posttrain/core'
import type { CallOptions, Sample, Sampler, SampleRequest } from '@posttrain/core'

/** What to do with samples as they come, and which are there already. */
export interface CollectOptions extends CallOptions {
  /** Called with each new sample before anything else can fail: what it keeps outlives an error or a stop. */
  readonly onSample?: (sample: Sample) => void
  /** Samples of an earlier, stopped run. Those that were asked for are used again; only the missing ones are drawn. */
  readonly known?: readonly Sample[]
}

/**
 * Draws all samples asked for and groups them by task, in the order of their indices.
 *
 * Nothing paid for is lost: `onSample` sees each sample at once, and giving those samples back as `known` continues
 * where the run stopped. A sample depends on (seed, task id, index) alone, so the result is that of an uninterrupted run.
 *
 * @param requests several for one task may follow one another in index; they may not overlap
 * @returns a map from task id to its samples, tasks in the order of their first request
 * @throws PosttrainError `aborted` at the signal; `invalid-argument` for overlapping requests or known samples of
 * another seed; `invalid-data` for a sampler that leaves out or invents samples
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * await collectSamples(none, []) // => new Map()
 * ```
 */
export async function collectSamples(
  sampler: Sampler,
  requests: readonly SampleRequest[],
  { signal, onSample, known = [] }: CollectOptions = {},
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const slots = openSlots(requests)
  for (const sample of known) {
    const slot = slots.get(keyOf(sample.taskId, sample.index))
    if (slot === undefined) continue
    if (slot.request.seed !== sample.seed) {
      throw invalidArgument(
        `known sample ${sample.index} of task ${sample.taskId} has seed ${sample.seed}, not ${slot.request.seed}`,
        'continue a run with the seed it was started with',
      )
    }
    slot.sample = sample
  }
  throwIfAborted(signal)
  const missing = stillMissing(requests, slots)
  if (missing.length > 0) {
    for await (const sample of sampler.sample(missing, signal === undefined ? {} : { signal })) {
      onSample?.(sample)
      const slot = slots.get(keyOf(sample.taskId, sample.index))
      if (slot === undefined || slot.sample !== undefined) {
        throw invalidData(`the sampler gave sample ${sample.index} of task ${sample.taskId}, which was not asked for`)
      }
      slot.sample = sample
      throwIfAborted(signal)
    }
  }
  return groupByTask(slots)
}

/** The place of one sample that was asked for. */
interface Slot {
  readonly request: SampleRequest
  readonly index: number
  sample?: Sample
}

const keyOf = (taskId: string, index: number): string => `${index} ${taskId}`

function openSlots(requests: readonly SampleRequest[]): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const request of requests) {
    requireInteger('count', request.count, { min: 0 })
    const first = requireInteger('firstIndex', request.firstIndex ?? 0, { min: 0 })
    for (let index = first; index < first + request.count; index++) {
      const key = keyOf(request.task.id, index)
      if (slots.has(key)) {
        throw invalidArgument(
          `sample ${index} of task ${request.task.id} is asked for twice`,
          'give every task an id of its own, and requests of one task different indices',
        )
      }
      slots.set(key, { request, index })
    }
  }
  return slots
}

/** The requests, cut to the runs of indices that have no sample yet. */
function stillMissing(requests: readonly SampleRequest[], slots: ReadonlyMap<string, Slot>): SampleRequest[] {
  return requests.flatMap((request) => {
    const runs: { firstIndex: number; count: number }[] = []
    const first = request.firstIndex ?? 0
    for (let index = first; index < first + request.count; index++) {
      if (slots.get(keyOf(request.task.id, index))!.sample !== undefined) continue
      const run = runs.at(-1)
      if (run !== undefined && run.firstIndex + run.count === index) run.count++
      else runs.push({ firstIndex: index, count: 1 })
    }
    return runs.map((run) => ({ ...request, ...run }))
  })
}

function groupByTask(slots: ReadonlyMap<string, Slot>): Map<string, readonly Sample[]> {
  const groups = new Map<string, Sample[]>()
  for (const { request, index, sample } of slots.values()) {
    const { id } = request.task
    if (sample === undefined) throw invalidData(`the sampler ended without sample ${index} of task ${id}`)
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [sample])
    else group.push(sample)
  }
  for (const group of groups.values()) group.sort((a, b) => a.index - b.index)
  return groups
}
