import type { Decision, RunOptions, Sampler, Task } from '@posttrain/core'

/** Options of one run of an allocation. */
export type AllocationOptions = Omit<RunOptions, 'id'>

/**
 * A budget that tasks share: what one gets depends on the others, so that it is no procedure. The rules of a person in
 * charge hold for each task, whatever the allocation would save.
 */
export interface Allocation {
  readonly name: string
  /** A decision for each task, as soon as nothing more is spent on it. */
  runAll(
    sampler: Sampler,
    tasks: Iterable<Task> | AsyncIterable<Task>,
    options?: AllocationOptions,
  ): AsyncIterable<Decision>
}
