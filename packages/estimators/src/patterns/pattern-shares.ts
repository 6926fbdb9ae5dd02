import { sum } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { meanInterval } from '../intervals/mean-interval.js'
import { requireCounts, type PatternCounts } from './pattern-counts.js'
import { patternsOf, taskShares } from './task-shares.js'

/** How often a pattern is chosen, and what it is worth when it is. */
export interface PatternShare {
  /** Undefined: the samples that have none. */
  readonly pattern: string | undefined
  readonly samples: number
  /** Of all samples, averaged over tasks. */
  readonly share: number
  /** Over tasks; absent with fewer than two. */
  readonly shareInterval: Interval | undefined
  /** Mean reward of its samples: the success rate, where a reward is 0 or 1. */
  readonly success: number
  /** Over the tasks that have it, each by its share there; absent with fewer than two. */
  readonly successInterval: Interval | undefined
  /** Tasks that have it. */
  readonly tasks: number
}

/** How the intervals are made. */
export interface PatternSharesOptions {
  /** Nominal coverage of the intervals, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
}

/**
 * How often each pattern is chosen, and its success.
 *
 * With n_{tr} samples of pattern r on task t, which earn c_{tr} of reward, and n_t = Σ_r n_{tr}:
 * s_r = mean over t of n_{tr}/n_t and p_r = (mean over t of c_{tr}/n_t)/s_r. So the mean reward is Σ_r s_r·p_r. Where
 * all tasks have as many samples these are n_r/N and c_r/n_r of Chen, Li & Zou 2025, https://arxiv.org/abs/2506.04695.
 * The interval of p_r is the one for a weighted mean over tasks.
 *
 * @param tasks at least one, each with at least one sample
 * @returns the patterns that were seen, the most frequent first
 * @throws PosttrainError `invalid-argument` for no tasks, a task without samples, or counts that cannot be right
 * @example
 * ```ts
 * const sums = { samples: 3, reward: 3 }
 * const tasks = [new Map([['sum', sums], ['product', { samples: 1, reward: 0 }]]), new Map([['sum', sums]])]
 * const [sum, product] = patternShares(tasks)
 * sum!.share // => 0.875
 * product!.success // => 0
 * ```
 */
export function patternShares(
  tasks: readonly PatternCounts[],
  { level = 0.95 }: PatternSharesOptions = {},
): readonly PatternShare[] {
  requireCounts('tasks', tasks)
  const found = patternsOf(tasks).map((pattern): PatternShare => {
    const of = taskShares(tasks, pattern)
    const { shares } = of
    const counts = tasks.map((task) => task.get(pattern)).filter((count) => count !== undefined)
    return {
      pattern,
      samples: sum(counts.map(({ samples }) => samples)),
      share: of.share / tasks.length,
      shareInterval: tasks.length < 2 ? undefined : meanInterval(shares, { level }),
      success: of.earning / of.share,
      successInterval:
        counts.length < 2
          ? undefined
          : meanInterval(
              counts.map(({ samples, reward }) => reward / samples),
              { level, weights: shares.filter((one) => one > 0) },
            ),
      tasks: of.seen,
    }
  })
  return found.sort((a, b) => b.share - a.share)
}
