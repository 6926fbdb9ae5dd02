import { addUsage, invalidArgument, requestId, shown } from '@posttrain/core'
import type { BudgetRules, CallOptions, Sample, Sampler, SampleRequest, SamplingOptions, Task } from '@posttrain/core'
import type { Allocation } from './allocation/allocation.js'
import { decidedSample } from './internal/decided-sample.js'
import { runAllocation } from './run-allocation.js'

/**
 * What an allocation decides, as samples: run i is over the tasks of which sample i is asked for.
 *
 * @throws PosttrainError `invalid-argument`, before anything is drawn, for requests of different seeds or sampling
 *   options, and for two of one task that ask for samples of one index
 */
export const allocationSamples = (allocation: Allocation) =>
  async function* (
    inner: Sampler,
    requests: readonly SampleRequest[],
    options: CallOptions & { readonly rules?: BudgetRules | undefined },
  ): AsyncGenerator<Sample> {
    requireAlike(allocation.name, requests)
    for (const [index, asked] of runsOf(allocation.name, requests)) {
      const [{ seed, sampling }] = Array.from(asked.values(), partsOf) as [Parts]
      const nameOf = (taskId: string): string => asked.get(taskId)?.id ?? taskId
      const idOf = ({ id }: Task): string => requestId(nameOf(id), 'run', index)
      const tasks = Array.from(asked.values(), ({ task }) => task)
      for await (const decision of runAllocation(allocation, inner, tasks, { ...options, seed, sampling, idOf })) {
        const { taskId } = decision
        const usage = addUsage([decision.usage, decision.judging])
        yield decidedSample(decision, { id: nameOf(taskId), taskId, index, seed, usage })
      }
    }
  }

/** By the index of a sample the requests that ask for it, by task. */
function runsOf(
  name: string,
  requests: readonly SampleRequest[],
): ReadonlyMap<number, ReadonlyMap<string, SampleRequest>> {
  const runs = new Map<number, Map<string, SampleRequest>>()
  for (const request of requests) {
    const { task, count, firstIndex = 0 } = request
    for (let index = firstIndex; index < firstIndex + count; index++) {
      const asked = runs.get(index) ?? new Map<string, SampleRequest>()
      if (asked.has(task.id)) {
        throw invalidArgument(
          `${name} runs once over each task, but two requests ask for sample ${index} of task ${shown(task.id)}`,
          'ask for them in two calls',
        )
      }
      runs.set(index, asked.set(task.id, request))
    }
  }
  return runs
}

function requireAlike(name: string, requests: readonly SampleRequest[]): void {
  const [first, ...others] = requests
  const other = others.find((request) => settingsOf(request) !== settingsOf(first!))
  if (!other) return
  throw invalidArgument(
    `${name} runs over tasks together, but the requests of tasks ${shown(first!.task.id)} and ${shown(other.task.id)} ` +
      'have different seeds or sampling options',
    'ask for them in two calls',
  )
}

/** What requests of one run have in common. */
interface Parts {
  readonly seed: number
  readonly sampling: SamplingOptions
}

const partsOf = ({
  task: _task,
  count: _count,
  firstIndex: _firstIndex,
  id: _id,
  prompt: _prompt,
  prefix: _prefix,
  seed,
  ...sampling
}: SampleRequest): Parts => ({ seed, sampling })

function settingsOf(request: SampleRequest): string {
  const { seed, sampling } = partsOf(request)
  const given = Object.entries(sampling).filter(([, value]) => value !== undefined)
  return JSON.stringify([seed, ...given.sort(([a], [b]) => (a < b ? -1 : 1))])
}
