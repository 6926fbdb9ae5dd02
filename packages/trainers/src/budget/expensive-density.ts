import {
  invalidArgument,
  requireFinite,
  requireInteger,
  type CallOptions,
  type Estimate,
  type Objective,
  type RewardFunction,
} from '@posttrain/core'
import type { Sample, Sampler, SamplingOptions, Task } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { evaluate } from '@posttrain/sampling'

/** What to measure. */
export interface ExpensiveDensityOptions extends CallOptions {
  readonly sampler: Sampler
  /** Held-out tasks, at least two. */
  readonly tasks: readonly Task[]
  /** The cost group of a response: 0 is the cheapest. */
  readonly costGroupOf: (sample: Sample, task: Task) => number
  /** Cost groups that count as expensive (default [1]). */
  readonly expensive?: readonly number[] | undefined
  /** The budget q₊ it is held against. */
  readonly share: number
  /** Default 8. */
  readonly samplesPerTask?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  readonly sampling?: SamplingOptions | undefined
  /** Nominal coverage of the interval (default 0.95). */
  readonly level?: number | undefined
}

/**
 * The share of expensive responses on held-out tasks, Eₓ P(y ∈ expensive | x), with its interval over tasks.
 *
 * @returns the verdict is `within` or `exceeded` where the whole interval is on one side of the budget
 * @throws PosttrainError `invalid-argument` for fewer than two tasks, or a share or another option out of range
 * @example
 * ```ts
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     const usage = { promptTokens: 1, completionTokens: 1 }
 *     for (const { task, count, seed } of requests) {
 *       for (let index = 0; index < count; index++) {
 *         yield { id: task.id, taskId: task.id, index, seed, text: 'short', finish: 'stop', usage }
 *       }
 *     }
 *   },
 * }
 * const tasks = Array.from({ length: 40 }, (_, i) => ({ id: `${i}`, prompt: '' }))
 * const costGroupOf = ({ text }: Sample) => (text.length > 9 ? 1 : 0)
 * const { density, verdict } = await expensiveDensity({ sampler, tasks, costGroupOf, share: 0.25 })
 * density.value // => 0
 * verdict // => 'within'
 * ```
 */
export async function expensiveDensity(
  options: ExpensiveDensityOptions,
): Promise<{ readonly density: Estimate; readonly verdict: 'within' | 'exceeded' | 'undecided' }> {
  const { costGroupOf, expensive = [1], share, samplesPerTask = 8, ...rest } = options
  requireFinite('share', share, { min: 0, max: 1 })
  requireInteger('samplesPerTask', samplesPerTask, { min: 1 })
  if (expensive.length === 0)
    throw invalidArgument('expensive is empty', 'name the cost groups that count as expensive')
  for (const group of expensive) requireInteger('a group of expensive', group, { min: 0 })
  const isExpensive: RewardFunction = {
    name: 'expensive',
    score: async (task, samples) =>
      samples.map((sample) => ({ kind: 'scored', reward: expensive.includes(costGroupOf(sample, task)) ? 1 : 0 })),
  }
  const density: Objective = { ...meanObjective(), name: `density of cost group ${expensive.join(' and ')}` }
  // A sample that failed is no cheap answer: it says nothing of the density.
  const { estimates } = await evaluate({
    ...rest,
    reward: isExpensive,
    objectives: [density],
    samplesPerTask,
    unscored: 'exclude',
  })
  const { lower, upper } = estimates[0]!.interval
  return {
    density: estimates[0]!,
    verdict: upper <= share ? 'within' : lower > share ? 'exceeded' : 'undecided',
  }
}
