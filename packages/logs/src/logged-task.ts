import type { Group } from '@posttrain/core'
import type { TaskFacts } from './task-index.js'

/** A task of which a log holds only counts: c of n samples are correct. */
export interface CountedTask {
  readonly kind: 'counts'
  readonly id: string
  readonly n: number
  readonly c: number
}

/** A task that was expected and of which a log has no row, and what is known of it. */
export interface AbsentTask extends TaskFacts {
  readonly id: string
}

/** What a log holds of one task. */
export type LoggedTask = CountedTask | { readonly kind: 'group'; readonly group: Group }
