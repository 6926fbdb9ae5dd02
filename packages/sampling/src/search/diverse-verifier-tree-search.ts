import { requireInteger, type Procedure } from '@posttrain/core'
import { Frontier } from './frontier.js'
import { requireProcessSearch, type ProcessSearchOptions } from './process-search-options.js'
import { byValue, ROOT, type ScoredNode } from './search-node.js'
import { SearchRun } from './search-run.js'
import { rewardScorer } from './step-scorer.js'

/** Diverse verifier tree search. */
export interface DiverseVerifierTreeSearchOptions extends ProcessSearchOptions {
  /** Trees that are searched apart: N / M in the words of those who report N samples and a width of M. */
  readonly subtrees: number
}

/**
 * Diverse verifier tree search (DVTS; Beeching, Tunstall and Rush 2024): draws a first step for each of the subtrees,
 * and goes on greedily in each of them: `width` next steps, the best of them is kept. Where a beam search can end
 * with all its beams below one first step, this ends with one path below each. It answers with the best whole
 * completion of all that it drew, and never with one that is unfinished. Among equals the lexicographically first
 * path is better.
 *
 * It draws at most subtrees · (1 + width · (depth − 1)) samples.
 *
 * @returns a procedure named `dvts:SUBTREES,width=WIDTH,depth=DEPTH by NAME`
 * @throws PosttrainError `invalid-argument` for a count that is no positive integer, a missing `by`, or where nothing
 *   ends a step
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'steps',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length })),
 * }
 * const search = diverseVerifierTreeSearch({ subtrees: 4, width: 4, depth: 8, by, stop: ['\n\n'] })
 * search.name // => 'dvts:4,width=4,depth=8 by steps'
 * ```
 */
export function diverseVerifierTreeSearch(options: DiverseVerifierTreeSearchOptions): Procedure {
  const { subtrees, width, depth, by } = options
  requireInteger('subtrees', subtrees, { min: 1 })
  requireProcessSearch('diverseVerifierTreeSearch', options)
  return {
    name: `dvts:${subtrees},width=${width},depth=${depth} by ${by.name}`,
    by,
    async run(sampler, task, given = {}) {
      const run = new SearchRun(sampler, task, subtrees * (1 + width * (depth - 1)), given)
      const frontier = new Frontier(run, { ...options, scorer: rewardScorer(by) })
      let paths = await frontier.expand([ROOT], subtrees)
      for (let d = 1; d < depth; d++) {
        const open = paths.filter(({ isFinished }) => !isFinished)
        if (open.length === 0) break
        paths = bestBelow(open, await frontier.expand(open, width))
      }
      return frontier.decide()
    },
  }
}

/** The best child of each node that has some. */
const bestBelow = (nodes: readonly ScoredNode[], children: readonly ScoredNode[]): readonly ScoredNode[] =>
  nodes.flatMap(({ path }) =>
    children
      .filter((child) => path.every((step, i) => child.path[i] === step))
      .sort(byValue)
      .slice(0, 1),
  )
