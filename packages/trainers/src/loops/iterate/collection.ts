import type { Group, ScoredOutcome } from '@posttrain/core'
import type { OfflineSequence } from '../offline/item.js'

/** A round's training data, and where it comes from. */
export interface Collection {
  /** What was kept: prompts without any hint. */
  readonly items: readonly OfflineSequence[]
  /** Mean reward of the samples that were drawn without a hint; NaN if none had a score. */
  readonly reward: number
  /** What became of first tries: drawn = failed + unscored + kept + dropped. */
  readonly direct: {
    readonly tasks: number
    readonly drawn: number
    /** No completion was had. */
    readonly failed: number
    /** Left out for want of a score; those that count as failures are dropped. */
    readonly unscored: number
    readonly kept: number
    /** Judged, and left out by the rule. */
    readonly dropped: number
  }
  /** What became of second tries with a hint; absent if the algorithm makes none. */
  readonly rationalised?: Collection['direct'] | undefined
  /** Tasks of which at least one sample was kept. */
  readonly tasksKept: number
  /** All judged samples, with and without a hint: the wrong ones are what correction data is made of. */
  readonly groups: readonly Group<ScoredOutcome>[]
}
