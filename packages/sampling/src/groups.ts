import { requireInteger, requireOwnId, requireSamplingOptions, requireTask } from '@posttrain/core'
import type { Group, Procedure, Reading, Sampler, SampleRequest, SamplingOptions, Task } from '@posttrain/core'
import { requireProcedure, requireReward, requireSampler } from './checks/require-functions.js'
import { drawGroups, type DrawGroupsOptions } from './draw-groups.js'
import { runGroups } from './run-groups.js'

/** What to draw groups of, and how. */
export interface GroupsOptions extends Omit<DrawGroupsOptions, 'inFlight' | 'reading'> {
  readonly sampler: Sampler
  /** Each with an id of its own; a stream is read only as fast as groups are consumed. */
  readonly tasks: Iterable<Task> | AsyncIterable<Task>
  /** Says how answers are read and chosen by; one without an objective is run. Absent: the reward's answers stay. */
  readonly procedure?: Procedure | undefined
  /**
   * At least 1 (default: as many as the procedure draws). Of a procedure without an objective: runs per task (default
   * 1).
   */
  readonly samplesPerTask?: number | undefined
  readonly sampling?: SamplingOptions | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /** Tasks that are drawn, judged or waiting to be consumed at the same time, at least 1 (default 32). */
  readonly tasksInFlight?: number | undefined
}

/**
 * The groups of tasks as they are completed: drawn by the one collector, judged by the one judge.
 *
 * Of a procedure without an objective a group holds one sample per run, that of its decision.
 *
 * @throws PosttrainError `invalid-argument` for two tasks of one id or numbers out of range; as `collect` and `judge`
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * const reward: RewardFunction = { name: 'r', score: async () => [] }
 * const all: Group[] = []
 * for await (const group of groups({ sampler: none, tasks: [], reward })) all.push(group)
 * all // => []
 * ```
 */
export async function* groups(options: GroupsOptions): AsyncGenerator<Group> {
  const { sampler, procedure, sampling, seed = 0, tasksInFlight = 32, ...rest } = options
  requireSampler('sampler', sampler)
  requireReward('reward', options.reward)
  if (procedure !== undefined) requireProcedure('procedure', procedure)
  if (sampling !== undefined) requireSamplingOptions(sampling)
  const { samplesPerTask: count = procedure?.objective?.k ?? 1 } = options
  requireInteger('samplesPerTask', count, { min: 1 })
  requireInteger('tasksInFlight', tasksInFlight, { min: 1 })
  requireInteger('seed', seed)
  const tasks = distinct(options.tasks)
  const stream =
    procedure && !procedure.objective
      ? runGroups(procedure, { ...rest, sampler, tasks, count, sampling, seed, inFlight: tasksInFlight })
      : drawGroups(sampler, requestsOf(tasks, { ...sampling, count, seed }), {
          ...rest,
          reading: procedure satisfies Reading | undefined,
          inFlight: tasksInFlight,
        })
  for await (const { task, samples, outcomes } of stream) yield { task, samples, outcomes }
}

async function* requestsOf(
  tasks: AsyncIterable<Task>,
  shared: Omit<SampleRequest, 'task'>,
): AsyncGenerator<SampleRequest> {
  for await (const task of tasks) yield { ...shared, task }
}

/** The tasks, as long as no two have one id. */
async function* distinct(tasks: Iterable<Task> | AsyncIterable<Task>): AsyncGenerator<Task> {
  const seen = new Set<string>()
  for await (const task of tasks) {
    requireOwnId(requireTask(task), seen)
    yield task
  }
}
