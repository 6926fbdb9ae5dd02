import type { Decision, RunOptions, Sampler, Task } from '@posttrain/core'

/** Options of one run of an allocation. */
export interface AllocationOptions extends Omit<RunOptions, 'id'> {
  /**
   * Names the run on each task, as `id` does for a procedure (default: the task's id). Everything that is drawn for the
   * task goes by it, random picks too, so that runs of different names are independent.
   */
  readonly idOf?: ((task: Task) => string) | undefined
}

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
