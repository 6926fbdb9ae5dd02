import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'

/** What was seen of one pattern on one task. */
export interface PatternCount {
  /** At least 1. */
  readonly samples: number
  /** Sum of their rewards: how many were right, where a reward is 0 or 1. */
  readonly reward: number
}

/** What was seen on one task, by pattern; `undefined` stands for samples that have none. */
export type PatternCounts = ReadonlyMap<string | undefined, PatternCount>

/** A sample's pattern and reward. */
export interface LabelledReward {
  /** Undefined where the sample has none. */
  readonly pattern: string | undefined
  readonly reward: number
}

/**
 * The samples of one task, counted by pattern.
 *
 * @param samples in any order
 * @returns the patterns in the order in which they were seen
 * @throws PosttrainError `invalid-argument` for a reward that is not finite
 * @example
 * ```ts
 * const counts = countPatterns([
 *   { pattern: 'sum', reward: 1 },
 *   { pattern: 'product', reward: 0 },
 *   { pattern: 'sum', reward: 0 },
 * ])
 * counts.get('sum') // => { samples: 2, reward: 1 }
 * ```
 */
export function countPatterns(samples: Iterable<LabelledReward>): PatternCounts {
  const counts = new Map<string | undefined, PatternCount>()
  let index = 0
  for (const { pattern, reward } of samples) {
    requireFinite(`the reward of sample ${index++}`, reward)
    const seen = counts.get(pattern) ?? { samples: 0, reward: 0 }
    counts.set(pattern, { samples: seen.samples + 1, reward: seen.reward + reward })
  }
  return counts
}

/** Refuses what no shares can be taken of. */
export function requireCounts(name: string, tasks: readonly PatternCounts[]): void {
  if (tasks.length === 0) throw invalidArgument(`${name} has no tasks, of which shares could be taken`)
  tasks.forEach((counts, task) => {
    if (counts.size === 0) {
      throw invalidArgument(`${name}[${task}] has no samples`, 'leave out tasks of which nothing was drawn')
    }
    for (const [pattern, { samples, reward }] of counts) {
      const where = `of ${pattern === undefined ? 'samples without a pattern' : JSON.stringify(pattern)}`
      requireInteger(`${name}[${task}]: the number ${where}`, samples, { min: 1 })
      requireFinite(`${name}[${task}]: the reward ${where}`, reward)
    }
  })
}
