import {
  callCaller,
  described,
  invalidArgument,
  invalidData,
  requireFinite,
  shown,
  withoutReference,
} from '@posttrain/core'
import type { Procedure, Task } from '@posttrain/core'
import { requireFunctions, requireProcedure } from '../checks/require-functions.js'
import { difficultyBin } from './difficulty-bins.js'

/** Which procedure is run at which difficulty. */
export interface ByDifficultyOptions {
  /** The greatest difficulty of each bin but the last, ascending. */
  readonly edges: readonly number[]
  /** One for each bin: one more than there are edges. */
  readonly procedures: readonly Procedure[]
  /** How difficult a task is, from the task alone; it has no reference. */
  readonly difficultyOf: (task: Task) => number | Promise<number>
}

/**
 * Runs the procedure of a task's difficulty: what `computeOptimal` chose, deployed. Tasks differ in what they are
 * given, so that it has no objective, and `evaluate` runs it.
 *
 * @returns a procedure named `by difficulty (NAME | NAME | …)`
 * @throws PosttrainError `invalid-argument` for edges that do not ascend or another number of procedures; when run
 *   `invalid-data` for a difficulty that is no number, otherwise as the procedures
 * @example
 * ```ts
 * const procedures = [singleSample(), majorityVote({ k: 8 })]
 * byDifficulty({ edges: [20], procedures, difficultyOf: ({ prompt }) => prompt.length }).name
 * // => 'by difficulty (single sample | maj@8)'
 * ```
 */
export function byDifficulty({ edges, procedures, difficultyOf }: ByDifficultyOptions): Procedure {
  edges.forEach((edge, i) => {
    requireFinite(`edges[${i}]`, edge)
    if (i > 0 && edge <= edges[i - 1]!)
      throw invalidArgument(`edges[${i}] is ${edge}, which is not above the one before`)
  })
  if (procedures.length !== edges.length + 1) {
    throw invalidArgument(
      `${edges.length} edges part tasks into ${edges.length + 1} bins, but there are ${procedures.length} procedures`,
      'give one for each bin',
    )
  }
  procedures.forEach((procedure, i) => requireProcedure(`procedures[${i}]`, procedure))
  requireFunctions('byDifficulty', { difficultyOf })
  return {
    name: `by difficulty (${procedures.map(({ name }) => name).join(' | ')})`,
    async run(sampler, task, options = {}) {
      const where = `on task ${shown(task.id)}`
      const difficulty: unknown = await callCaller(
        'difficultyOf',
        where,
        async () => difficultyOf(withoutReference(task)),
        options,
      )
      if (typeof difficulty !== 'number' || !Number.isFinite(difficulty)) {
        throw invalidData(`difficultyOf is ${described(difficulty)} ${where}`, 'a difficulty is a finite number')
      }
      const bin = difficultyBin(difficulty, edges)
      const decision = await procedures[bin]!.run(sampler, task, options)
      return {
        ...decision,
        reason: `${decision.reason}; difficulty ${difficulty} is in bin ${bin + 1} of ${procedures.length}`,
      }
    },
  }
}
