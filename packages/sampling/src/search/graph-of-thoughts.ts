import { invalidArgument, type Procedure, type RewardFunction } from '@posttrain/core'
import { requireBy } from '../checks/require-functions.js'
import { SearchRun } from './search-run.js'
import { mostThoughts, requireOperation, ThoughtGraph, type ThoughtOperation } from './thought-graph.js'

/** A graph of thoughts, by the operations that make it. */
export interface GraphOfThoughtsOptions {
  /** In their order; the first one generates. */
  readonly operations: readonly ThoughtOperation[]
  /** What a thought is worth; it sees no reference. */
  readonly by: RewardFunction
}

/**
 * Graph of thoughts (Besta et al. 2023, https://arxiv.org/abs/2308.09687): generates thoughts, refines each, joins
 * them and keeps the best, in the order of the operations. A thought is a completion of its own, asked for with the
 * texts that it comes from. It answers with the best of the thoughts that the last operation leaves, the earlier one
 * among equals. A thought that failed or has no value is left out.
 *
 * It draws at most the sum of what its operations draw: `count` below each thought there to generate and to refine,
 * `count` to aggregate, none to keep.
 *
 * @returns a procedure named `graph-of-thoughts:KIND-KIND-… by NAME`
 * @throws PosttrainError `invalid-argument` for no operations, a first one that does not generate, a missing `by`, or
 *   a count that is no positive integer
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'sorted',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length })),
 * }
 * const graph = graphOfThoughts({
 *   operations: [
 *     { kind: 'generate', prompt: (_, __, half) => `Sort half ${half} of the list.`, count: 2 },
 *     { kind: 'aggregate', prompt: (_, halves) => `Merge ${halves.join(' and ')}.`, count: 5 },
 *     { kind: 'keep', count: 1 },
 *     { kind: 'refine', prompt: (_, [list]) => `Correct ${list!}.` },
 *   ],
 *   by,
 * })
 * graph.name // => 'graph-of-thoughts:generate-aggregate-keep-refine by sorted'
 * ```
 */
export function graphOfThoughts({ operations, by }: GraphOfThoughtsOptions): Procedure {
  requireBy('graphOfThoughts', by)
  if (operations.length === 0) throw invalidArgument('graphOfThoughts has no operations', 'name one that generates')
  operations.forEach(requireOperation)
  const most = mostThoughts(operations)
  return {
    name: `graph-of-thoughts:${operations.map(({ kind }) => kind).join('-')} by ${by.name}`,
    by,
    async run(sampler, task, given = {}) {
      const graph = new ThoughtGraph(new SearchRun(sampler, task, most, given), by)
      for (const [place, operation] of operations.entries()) await graph.apply(operation, place)
      const [best] = await graph.ranked()
      const { thoughts, run } = graph
      const reason = best
        ? `the best of ${thoughts.length} thoughts by ${by.name} is ${best.draft.id} with ${best.value}`
        : `none of ${thoughts.length} thoughts was scored by ${by.name}`
      return run.decide(best?.draft.sample, reason)
    },
  }
}
