import { requireInteger, requireOwnId, requireSamplingOptions, requireTask } from '@posttrain/core'
import type {
  BudgetRules,
  Group,
  Procedure,
  Reading,
  Sampler,
  SampleRequest,
  SamplingOptions,
  Task,
} from '@posttrain/core'
import type { Allocation } from './allocation/allocation.js'
import { requireReward, requireSampler } from './checks/require-functions.js'
import { drawGroups, type DrawGroupsOptions } from './draw-groups.js'
import { whatRuns } from './what-runs.js'

/** What to draw groups of, and how. */
export interface GroupsOptions extends Omit<DrawGroupsOptions, 'inFlight' | 'reading'> {
  readonly sampler: Sampler
  /** Each with an id of its own; a stream is read only as fast as groups are consumed. */
  readonly tasks: Iterable<Task> | AsyncIterable<Task>
  /** Says how answers are read and chosen by; one without an objective is run. Absent: the reward's answers stay. */
  readonly procedure?: Procedure | undefined
  /** In place of a procedure: a budget that the tasks share. It is run, and holds all of them. */
  readonly allocation?: Allocation | undefined
  /** Kept by every run. They change what a procedure draws, so that one is run whatever its objective. */
  readonly rules?: BudgetRules | undefined
  /** At least 1 (default: as many as the procedure draws). Of what is run: runs per task (default 1). */
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
 * Of what is run a group holds one sample per run, that of its decision. What an allocation spends on a task depends on
 * the others, so that tasks of known groups take part in its runs, as long as others lack a group.
 *
 * @throws PosttrainError `invalid-argument` for two tasks of one id, numbers out of range, rules of nothing that is
 *   run, or both a procedure and an allocation; as `collect` and `judge`
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
  const { sampler, procedure, rules, sampling, seed = 0, tasksInFlight = 32, ...rest } = options
  requireSampler('sampler', sampler)
  requireReward('reward', options.reward)
  const run = whatRuns(options)
  if (sampling !== undefined) requireSamplingOptions(sampling)
  const { samplesPerTask: count = run ? 1 : (procedure?.objective?.k ?? 1) } = options
  requireInteger('samplesPerTask', count, { min: 1 })
  requireInteger('tasksInFlight', tasksInFlight, { min: 1 })
  requireInteger('seed', seed)
  const tasks = distinct(options.tasks)
  const stream = run
    ? run.groups({ ...rest, sampler, tasks, count, rules, sampling, seed, inFlight: tasksInFlight })
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
