import { PosttrainError, requireOneOf, type UnscoredPolicy } from '@posttrain/core'
import type { VoteRules } from '@posttrain/estimators'
import { nameOfOption, type OptionNames } from './option-names.js'
import type { TaskLog } from './task-log.js'

/** How the samples of a log count, and how intervals are made. */
export interface LogRules extends VoteRules {
  /** What becomes of samples without a score (default `count-as-failure`). */
  readonly unscored?: UnscoredPolicy | undefined
  /** Leaves out tasks with too few samples instead of refusing them (default false). */
  readonly dropShort?: boolean | undefined
  /** Nominal coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
  /** Of bootstrap intervals and permutations (default 0). */
  readonly seed?: number | undefined
  /** What hints call these options. */
  readonly optionNames?: OptionNames | undefined
}

/**
 * The policy for unscored samples, once the log has been found to allow it.
 *
 * @throws PosttrainError `unscored` under `throw`, naming the line of the first sample without a score
 */
export function unscoredPolicy(
  { totals }: TaskLog,
  { unscored = 'count-as-failure', optionNames }: LogRules,
): UnscoredPolicy {
  requireOneOf('unscored', unscored, ['count-as-failure', 'exclude', 'throw'])
  if (unscored === 'throw' && totals.unscored > 0) {
    throw new PosttrainError(
      'unscored',
      `${totals.firstUnscored}: a sample has no score (${totals.unscored} of ${totals.samples} have none)`,
      `score them, or choose ${nameOfOption('unscored', optionNames)} count-as-failure or exclude`,
    )
  }
  return unscored
}
