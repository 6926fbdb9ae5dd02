import {
  invalidArgument,
  requireFinite,
  type CallOptions,
  type Estimate,
  type Sampler,
  type Task,
} from '@posttrain/core'
import { meanEstimate } from '@posttrain/estimators'
import { drawJudged } from '../best-of-n/judged-groups.js'
import type { CostGroupOf } from './cost-groups.js'

/** What to measure. */
export interface ExpensiveDensityOptions extends CallOptions {
  readonly sampler: Sampler
  /** Held-out tasks, at least two. */
  readonly tasks: readonly Task[]
  readonly costGroupOf: CostGroupOf
  /** Cost groups that count as expensive (default [1]). */
  readonly expensive?: readonly number[]
  /** The budget q₊ it is held against. */
  readonly share: number
  /** Default 8. */
  readonly samplesPerTask?: number
  readonly seed?: number
  readonly maxTokens?: number
  /** Nominal coverage of the interval (default 0.95). */
  readonly level?: number
}

/** A measured density of expensive responses, and what it says of the budget. */
export interface DensityReport {
  readonly density: Estimate
  readonly share: number
  /** `within` or `exceeded` where the whole interval is on one side of the budget. */
  readonly verdict: 'within' | 'exceeded' | 'undecided'
}

/**
 * The share of expensive responses on held-out tasks, Eₓ P(y ∈ expensive | x), with its interval over tasks.
 *
 * @throws PosttrainError `invalid-argument` for fewer than two tasks or a share outside 0 … 1
 * @example
 * ```ts
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     const usage = { promptTokens: 1, completionTokens: 1 }
 *     for (const { task, count, seed } of requests) {
 *       for (let index = 0; index < count; index++) yield { taskId: task.id, index, seed, text: 'short', finish: 'stop', usage }
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
export async function expensiveDensity(options: ExpensiveDensityOptions): Promise<DensityReport> {
  const { costGroupOf, expensive = [1], share, samplesPerTask = 8, level, ...rest } = options
  requireFinite('share', share, { min: 0, max: 1 })
  if (options.tasks.length < 2)
    throw invalidArgument(`an interval needs at least 2 tasks, but there are ${options.tasks.length}`)
  const reward = {
    name: 'expensive',
    score: async (task: Task, samples: Parameters<CostGroupOf>[0][]) =>
      samples.map((sample) => ({
        kind: 'scored' as const,
        reward: expensive.includes(costGroupOf(sample, task)) ? 1 : 0,
      })),
  }
  const values: { value: number; samples: number }[] = []
  for await (const { outcomes } of drawJudged({ ...rest, reward, count: samplesPerTask })) {
    values.push({
      value: outcomes.reduce((sum, outcome) => sum + outcome.reward, 0) / outcomes.length,
      samples: outcomes.length,
    })
  }
  const name = `density of cost group ${expensive.join(' and ')}`
  const density = meanEstimate(values, { name, denominator: 'throw', ...(level === undefined ? {} : { level }) })
  const { lower, upper } = density.interval
  return { density, share, verdict: upper <= share ? 'within' : lower > share ? 'exceeded' : 'undecided' }
}
