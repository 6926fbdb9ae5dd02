import { invalidArgument, type CallOptions, type RewardFunction, type Sampler, type Task } from '@posttrain/core'
import { drawJudged } from './judged-groups.js'
import type { ReferenceRewards, TaskRewards } from './reference-rewards.js'

/** What to collect. */
export interface CollectReferenceRewardsOptions extends CallOptions {
  /** The policy before training, or any other sampler that best-of-n would run on. */
  readonly reference: Sampler
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Samples per task, M; a few hundred make log F̂ nearly unbiased. */
  readonly count: number
  /** Default 0. */
  readonly seed?: number
  readonly maxTokens?: number
  /** What an earlier, stopped run collected; its tasks are not drawn again. */
  readonly known?: ReferenceRewards
  /** Called with each task as it is finished: what it keeps outlives an error or a stop. */
  readonly onTask?: (rewards: TaskRewards) => void
}

/**
 * The rewards of M samples of the reference for each task, drawn once and used by every step of training.
 *
 * @returns plain data, tasks in their order
 * @throws PosttrainError `aborted` at the signal, with finished tasks given to `onTask`; `invalid-argument` if `known` was made
 *   with another reward, count or seed
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * const reward: RewardFunction = { name: 'length', score: async () => [] }
 * await collectReferenceRewards({ reference: none, tasks: [], reward, count: 8 }) // => { reward: 'length', count: 8, seed: 0, tasks: [] }
 * ```
 */
export async function collectReferenceRewards(options: CollectReferenceRewardsOptions): Promise<ReferenceRewards> {
  const { reference, tasks, reward, count, seed = 0, known, onTask, ...rest } = options
  const settings = { reward: reward.name, count, seed }
  if (known) requireSameSettings(known, settings)
  const collected = new Map(known?.tasks.map((entry) => [entry.task, entry]))
  const missing = tasks.filter(({ id }) => !collected.has(id))
  for await (const group of drawJudged({ ...rest, sampler: reference, tasks: missing, reward, count, seed })) {
    const rewards = group.outcomes.map((outcome) => outcome.reward).sort((a, b) => a - b)
    const entry = { task: group.task.id, rewards, unscored: group.unscored }
    collected.set(entry.task, entry)
    onTask?.(entry)
  }
  return { ...settings, tasks: tasks.map(({ id }) => collected.get(id)!) }
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
