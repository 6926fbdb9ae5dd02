import type { StepReward } from './sample.js'
import type { Usage } from './usage.js'

/** What was found out about a sample, whether or not it has a score. */
interface Judgement {
  /**
   * Key of the answer's equivalence class; votes are over keys. It is the procedure's reading where it has one,
   * otherwise the reward's. Absent: the sample gave no answer.
   */
  readonly answer?: string | undefined
  /**
   * Rewards beside the one that counts, by the name of their function. `null`: asked and unscored. A name that is
   * missing was not asked: reading it is an error.
   */
  readonly parts?: Readonly<Record<string, number | null>> | undefined
  /** Rewards along the way, by place in the text. */
  readonly steps?: readonly StepReward[] | undefined
  /** What judging cost, where it costs tokens; the outcomes of a group add up to the group's. */
  readonly usage?: Usage | undefined
}

/** A sample that was judged. */
export interface ScoredOutcome extends Judgement {
  readonly kind: 'scored'
  /** Any finite number; verifiers give 0 or 1. */
  readonly reward: number
}

/** A sample that could not be judged. Not a zero: whoever aggregates decides, and says so. */
export interface UnscoredOutcome extends Judgement {
  readonly kind: 'unscored'
  readonly reason: string
}

/** What became of judging one sample. */
export type Outcome = ScoredOutcome | UnscoredOutcome
