import {
  invalidArgument,
  invalidData,
  requireFiniteArray,
  requireInteger,
  type RewardFunction,
  type Task,
} from '@posttrain/core'

/** Rewards of the reference's samples for one task. */
export interface TaskRewards {
  /** The task's id. */
  readonly task: string
  /** Ascending. */
  readonly rewards: readonly number[]
  /** Samples that had no score; they are in no distribution. */
  readonly unscored: number
}

/** Where rewards lie among those of a reference, task by task: plain data, so that JSON keeps it. */
export interface ReferenceRewards {
  /** Name of the reward function. */
  readonly reward: string
  /** Samples drawn per task, M. */
  readonly count: number
  /** Seed they were drawn with. */
  readonly seed: number
  readonly tasks: readonly TaskRewards[]
}

/**
 * Reads reference rewards from what `JSON.parse` gives.
 *
 * @param json made with `JSON.stringify` of a `ReferenceRewards`
 * @throws PosttrainError `invalid-data` saying what is missing or out of order
 * @example
 * ```ts
 * const json = '{"reward":"r","count":2,"seed":0,"tasks":[{"task":"a","rewards":[0,1],"unscored":0}]}'
 * parseReferenceRewards(JSON.parse(json)).tasks[0]!.rewards // => [0, 1]
 * ```
 */
export function parseReferenceRewards(json: unknown): ReferenceRewards {
  const { reward, count, seed, tasks } = fieldsOf('reference rewards', json)
  if (typeof reward !== 'string') throw invalidData('reward must be the name of a reward function')
  if (!Array.isArray(tasks)) throw invalidData('tasks must be a list')
  return {
    reward,
    count: integer('count', count, 1),
    seed: integer('seed', seed, -Infinity),
    tasks: tasks.map((entry, i) => taskRewards(`tasks[${i}]`, entry)),
  }
}

function taskRewards(name: string, json: unknown): TaskRewards {
  const { task, rewards, unscored } = fieldsOf(name, json)
  if (typeof task !== 'string') throw invalidData(`${name}.task must be the id of a task`)
  if (!Array.isArray(rewards)) throw invalidData(`${name}.rewards must be a list`)
  const values = rewards.map((value: unknown, i) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw invalidData(`${name}.rewards[${i}] must be a finite number, but is ${String(value)}`)
  })
  const unsorted = values.findIndex((value, i) => value < values[i - 1]!)
  if (unsorted >= 0)
    throw invalidData(`${name}.rewards must be ascending, but rewards[${unsorted}] is lower than the one before`)
  return { task, rewards: values, unscored: integer(`${name}.unscored`, unscored, 0) }
}

function fieldsOf(name: string, json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw invalidData(`${name} must be an object`)
  return Object.fromEntries(Object.entries(json))
}

function integer(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw invalidData(`${name} must be an integer of at least ${least}, but is ${String(value)}`)
}

/** @returns the reward, if it is the one that the cache holds rewards of @throws PosttrainError `invalid-argument` otherwise */
export function requireRewardsOf(reward: RewardFunction, cache: ReferenceRewards): RewardFunction {
  if (cache.reward === reward.name) return reward
  throw invalidArgument(`the cache holds rewards of ${cache.reward}, but the reward is ${reward.name}`)
}

/**
 * A function made once per task from the rewards its reference got, and kept.
 *
 * @throws PosttrainError `invalid-argument` for a task that has no rewards in the cache, when it is asked for
 */
export function perTask<T>(cache: ReferenceRewards, make: (sorted: Float64Array) => T): (task: Task) => T {
  requireInteger('count', cache.count, { min: 1 })
  const rewards = new Map(cache.tasks.map((entry) => [entry.task, entry.rewards]))
  const made = new Map<string, T>()
  return ({ id }) => {
    const known = made.get(id)
    if (known !== undefined) return known
    const sorted = Float64Array.from(rewards.get(id) ?? []).sort()
    if (sorted.length === 0) {
      throw invalidArgument(
        `there are no reference rewards for task ${id}`,
        'collect them for all training tasks with collectReferenceRewards',
      )
    }
    requireFiniteArray(`reference rewards of task ${id}`, sorted)
    const result = make(sorted)
    made.set(id, result)
    return result
  }
}

/** How many of ascending rewards are below t, and how many equal it. */
export function rankOf(sorted: Float64Array, t: number): { readonly below: number; readonly equal: number } {
  const first = (holds: (value: number) => boolean): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(sorted[middle]!)) high = middle
      else low = middle + 1
    }
    return low
  }
  const below = first((value) => value >= t)
  return { below, equal: first((value) => value > t) - below }
}
