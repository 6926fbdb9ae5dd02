import { requireFinite, type Group, type Outcome, type Sample, type Task } from '@posttrain/core'
import { confusionOf, type Confusion } from './confusion.js'
import { scoredBy } from './scored-by.js'

/** A sample with what became of it. */
export interface JudgedSample {
  readonly task: Task
  readonly sample: Sample
  readonly outcome: Outcome
}

/** Where two verdicts of the same samples differ. */
export interface Disagreement extends Confusion {
  /** Samples that only `reward` accepts: where it may be hacked. */
  readonly onlyTried: readonly JudgedSample[]
  /** Samples that only the other accepts. */
  readonly onlyTruth: readonly JudgedSample[]
  /** Samples left out because either gives no score. */
  readonly unscored: number
}

/** What is compared. */
export interface DisagreementOptions {
  /** The part that is taken as the truth: another verifier, or gold. */
  readonly truth: string
  /** What is tried: `reward` (default), or a part of that name. */
  readonly score?: string | undefined
  /** A score from here on accepts (default 0.5). */
  readonly threshold?: number | undefined
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/**
 * Whether two verdicts of the same samples agree: a reward and another verifier, or a proxy and gold.
 *
 * Intervals are over tasks, since samples of one task depend on each other.
 *
 * Cohen 1960, https://doi.org/10.1177/001316446002000104
 *
 * @throws PosttrainError `invalid-data` for a part that is missing
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '', finish: 'stop', usage: NO_USAGE } as const
 * const outcomes = [1, 0, 1, 1].map((gold) => ({ kind: 'scored', reward: 1, parts: { gold } }) as const)
 * const groups = [{ task: { id: 'a', prompt: '' }, samples: outcomes.map(() => sample), outcomes }]
 * const { agreement, onlyTried } = rewardDisagreement(groups, { truth: 'gold' })
 * agreement.value // => 0.75
 * onlyTried.length // => 1
 * ```
 */
export function rewardDisagreement(groups: Iterable<Group>, options: DisagreementOptions): Disagreement {
  const { truth, score = 'reward', threshold = 0.5, level = 0.95 } = options
  requireFinite('threshold', threshold)
  let unscored = 0
  const judged = Array.from(groups).flatMap((group) => {
    const { task, samples, outcomes, scores, unscored: missing } = scoredBy(group, [score, truth])
    unscored += missing
    const [tried, true_] = scores
    return samples.map((sample, i) => ({
      judged: { task, sample, outcome: outcomes[i]! },
      pair: { tried: tried![i]! >= threshold, truth: true_![i]! >= threshold, weight: 1, cluster: task.id },
    }))
  })
  const only = (accepts: 'tried' | 'truth'): readonly JudgedSample[] =>
    judged.filter(({ pair }) => pair.tried !== pair.truth && pair[accepts]).map(({ judged }) => judged)
  const confusion = confusionOf(
    judged.map(({ pair }) => pair),
    { level, clustered: true },
  )
  return { ...confusion, onlyTried: only('tried'), onlyTruth: only('truth'), unscored }
}
