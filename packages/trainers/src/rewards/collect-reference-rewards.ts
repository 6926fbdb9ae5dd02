import {
  callCallerNow,
  invalidArgument,
  missingOf,
  requireInteger,
  shown,
  type CallOptions,
  type Group,
  type RewardFunction,
} from '@posttrain/core'
import type { Sampler, SamplingOptions, Task } from '@posttrain/core'
import { groups } from '@posttrain/sampling'
import type { ReferenceRewards } from './reference-rewards.js'

/** What to collect. */
export interface CollectReferenceRewardsOptions extends CallOptions {
  /** The policy before training, or any other sampler that best-of-n would run on. */
  readonly reference: Sampler
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Samples per task, M; a few hundred make log F̂ nearly unbiased. */
  readonly count: number
  readonly sampling?: SamplingOptions | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  /** What an earlier, stopped run collected; its tasks are not drawn again, but for those with failed samples. */
  readonly known?: ReferenceRewards | undefined
  /** Called with each task as it is finished: what it keeps outlives an error or a stop. */
  readonly onTask?: ((rewards: ReferenceRewards['tasks'][number]) => void) | undefined
}

/**
 * The rewards of M samples of the reference for each task, drawn once and used by every step of training.
 *
 * @returns plain data, tasks in their order
 * @throws PosttrainError `aborted` at the signal, with finished tasks given to `onTask`; `invalid-argument` if `known`
 *   was made with another reward, count or seed, or for a count below 1
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * const reward: RewardFunction = { name: 'length', score: async () => [] }
 * const collected = await collectReferenceRewards({ reference: none, tasks: [], reward, count: 8 })
 * collected // => { reward: 'length', count: 8, seed: 0, tasks: [] }
 * ```
 */
export async function collectReferenceRewards(options: CollectReferenceRewardsOptions): Promise<ReferenceRewards> {
  const { reference, tasks, reward, count, seed = 0, sampling, known, onTask, signal } = options
  requireInteger('count', count, { min: 1 })
  requireInteger('seed', seed)
  const settings = { reward: reward.name, count, seed }
  if (known) requireSameSettings(known, settings)
  const collected = new Map(known?.tasks.filter(({ failed }) => failed === 0).map((entry) => [entry.task, entry]))
  const missing = tasks.filter(({ id }) => !collected.has(id))
  const drawn = { sampler: reference, tasks: missing, reward, samplesPerTask: count, sampling, seed, signal }
  for await (const group of groups(drawn)) {
    const entry = rewardsOf(group)
    collected.set(entry.task, entry)
    if (onTask) callCallerNow('onTask', `on task ${shown(entry.task)}`, () => onTask(entry))
  }
  return { ...settings, tasks: tasks.map(({ id }) => collected.get(id)!) }
}

function rewardsOf(group: Group): ReferenceRewards['tasks'][number] {
  const rewards = group.outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome.reward] : []))
  return { task: group.task.id, rewards: rewards.sort((a, b) => a - b), ...missingOf(group) }
}

function requireSameSettings(known: ReferenceRewards, wanted: Omit<ReferenceRewards, 'tasks'>): void {
  for (const field of ['reward', 'count', 'seed'] as const) {
    if (known[field] === wanted[field]) continue
    throw invalidArgument(
      `known was collected with ${field} ${known[field]}, not ${wanted[field]}`,
      'continue a run with the settings it was started with',
    )
  }
}
