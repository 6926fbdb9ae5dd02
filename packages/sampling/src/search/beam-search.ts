import { requireInteger, type Procedure } from '@posttrain/core'
import { mostOfBreadth, searchBreadthFirst } from './breadth-first.js'
import { requireProcessSearch, type ProcessSearchOptions } from './process-search-options.js'
import { SearchRun } from './search-run.js'
import { rewardScorer } from './step-scorer.js'

/** Beam search by a process reward. */
export interface BeamSearchOptions extends ProcessSearchOptions {
  /** Nodes that are kept at each depth. */
  readonly beams: number
  /**
   * Steps that are drawn below each child at temperature 0 before it is judged: its value is that of where they lead
   * (default 0).
   */
  readonly lookahead?: number | undefined
}

/**
 * Beam search by a process reward (Snell et al. 2024, https://arxiv.org/abs/2408.03314): draws `width` next steps
 * below each of the kept nodes, and keeps the `beams` best of all of them. With a lookahead a step is judged by where
 * it leads. It answers with the best whole completion of all that it drew, and never with one that is unfinished.
 * Among equals the lexicographically first path is better.
 *
 * It draws at most Σ over depths d = 0 … depth − 1 of min(beams, widthᵈ) · width · (1 + lookahead) samples. With
 * beams of widthᵈᵉᵖᵗʰ⁻¹ or more it keeps everything and finds the best of the tree.
 *
 * @returns a procedure named `beam:BEAMS,width=WIDTH,depth=DEPTH by NAME`
 * @throws PosttrainError `invalid-argument` for a count that is no positive integer, a missing `by`, or where nothing
 *   ends a step
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'steps',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length })),
 * }
 * beamSearch({ beams: 4, width: 4, depth: 8, by, stop: ['\n\n'] }).name // => 'beam:4,width=4,depth=8 by steps'
 * ```
 */
export function beamSearch(options: BeamSearchOptions): Procedure {
  const { beams: breadth, width, depth, lookahead = 0, by } = options
  requireInteger('beams', breadth, { min: 1 })
  requireInteger('lookahead', lookahead, { min: 0 })
  requireProcessSearch('beamSearch', options)
  const shape = { breadth, width, depth, lookahead }
  const ahead = lookahead === 0 ? '' : `,lookahead=${lookahead}`
  return {
    name: `beam:${breadth},width=${width},depth=${depth}${ahead} by ${by.name}`,
    by,
    run: (sampler, task, run = {}) =>
      searchBreadthFirst(
        new SearchRun(sampler, task, mostOfBreadth(shape), run),
        { ...options, scorer: rewardScorer(by) },
        shape,
      ),
  }
}
