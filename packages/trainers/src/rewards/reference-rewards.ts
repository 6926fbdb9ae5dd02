import { invalidArgument, invalidData, problemsOf, type RewardFunction } from '@posttrain/core'
import * as z from 'zod'

/** Where rewards lie among those of a reference, task by task: plain data, so that JSON keeps it. */
export interface ReferenceRewards {
  /** Name of the reward function. */
  readonly reward: string
  /** Samples drawn per task, M. */
  readonly count: number
  /** Seed they were drawn with. */
  readonly seed: number
  readonly tasks: readonly {
    /** The task's id. */
    readonly task: string
    /** Ascending. */
    readonly rewards: readonly number[]
    /** Samples that had no score; they are in no distribution. */
    readonly unscored: number
    /** Samples that failed, for a reason outside the reference: such a task is drawn again when a run goes on. */
    readonly failed: number
  }[]
}

const isAscending = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= values[i - 1]!)

const schema: z.ZodType<ReferenceRewards> = z.object({
  reward: z.string(),
  count: z.int().min(1),
  seed: z.int(),
  tasks: z.array(
    z.object({
      task: z.string(),
      rewards: z.array(z.number()).refine(isAscending, { error: 'rewards must be ascending' }),
      unscored: z.int().min(0),
      failed: z.int().min(0),
    }),
  ),
})

/**
 * Reads reference rewards from what `JSON.parse` gives.
 *
 * @param json made with `JSON.stringify` of a `ReferenceRewards`
 * @throws PosttrainError `invalid-data` saying what is missing or out of order
 * @example
 * ```ts
 * const json = '{"reward":"r","count":2,"seed":0,"tasks":[{"task":"a","rewards":[0,1],"unscored":0,"failed":0}]}'
 * parseReferenceRewards(JSON.parse(json)).tasks[0]!.rewards // => [0, 1]
 * ```
 */
export function parseReferenceRewards(json: unknown): ReferenceRewards {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw invalidData(
    `these are no reference rewards: ${problemsOf(parsed.error)}`,
    'collect them with collectReferenceRewards',
  )
}

/**
 * The reward, if it is the one that the reference rewards are of.
 *
 * @throws PosttrainError `invalid-argument` otherwise
 */
export function requireRewardsOf(
  reward: RewardFunction,
  referenceRewards: ReferenceRewards | undefined,
): RewardFunction {
  if (!referenceRewards || referenceRewards.reward === reward.name) return reward
  throw invalidArgument(`the reference rewards are of ${referenceRewards.reward}, but the reward is ${reward.name}`)
}
