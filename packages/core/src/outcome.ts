import { PosttrainError } from './errors.js'
import type { Sample } from './sample.js'
import type { CallOptions } from './sampler.js'
import type { Task } from './task.js'

/** A sample that was judged. */
export interface ScoredOutcome {
  readonly kind: 'scored'
  /** Any finite number; verifiers give 0 or 1. */
  readonly reward: number
  /** Canonical key of the answer's equivalence class; votes are over keys. Absent: the sample gave no answer. */
  readonly answer?: string
}

/** A sample that could not be judged. Not a zero: whoever aggregates decides, and says so. */
export interface UnscoredOutcome {
  readonly kind: 'unscored'
  readonly reason: string
}

/** What became of judging one sample. */
export type Outcome = ScoredOutcome | UnscoredOutcome

/** Judges all samples of one task together and returns one outcome per sample, in their order. */
export interface RewardFunction {
  readonly name: string
  /** One outcome per sample, in their order. */
  score(task: Task, samples: readonly Sample[], options?: CallOptions): Promise<readonly Outcome[]>
}

/** What an aggregate does with unscored samples: count them as reward 0, leave them out, or refuse. */
export type DenominatorPolicy = 'count-as-failure' | 'exclude' | 'throw'

/**
 * Turns outcomes into scored ones under a stated policy.
 *
 * @param outcomes one per sample of a task
 * @param policy `count-as-failure` gives reward 0 and no answer; `exclude` shortens the list
 * @throws PosttrainError `unscored` under `throw`, quoting the first reason.
 * @example
 * ```ts
 * scoredOutcomes([{ kind: 'unscored', reason: 'timeout' }], 'count-as-failure') // => [{ kind: 'scored', reward: 0 }]
 * ```
 */
export function scoredOutcomes(outcomes: readonly Outcome[], policy: DenominatorPolicy): readonly ScoredOutcome[] {
  const scored: ScoredOutcome[] = []
  outcomes.forEach((outcome, index) => {
    if (outcome.kind === 'scored') {
      scored.push(outcome)
    } else if (policy === 'count-as-failure') {
      scored.push({ kind: 'scored', reward: 0 })
    } else if (policy === 'throw') {
      throw new PosttrainError(
        'unscored',
        `sample ${index} was not scored: ${outcome.reason}`,
        "repair the reward function, or choose the denominator policy 'count-as-failure' or 'exclude'",
      )
    }
  })
  return scored
}
