import type { Decision } from '@posttrain/core'
import { Frontier, type FrontierOptions } from './frontier.js'
import { expandAhead } from './look-ahead.js'
import { byValue, ROOT, type SearchNode } from './search-node.js'
import type { SearchRun } from './search-run.js'

/** How wide and deep a search goes. */
export interface Breadth {
  /** Nodes that are kept at each depth. */
  readonly breadth: number
  /** Children drawn below each. */
  readonly width: number
  readonly depth: number
  readonly lookahead?: number | undefined
}

/**
 * Samples that a breadth-first search draws at most: Σ over depths d of min(breadth, widthᵈ) · width · (1 +
 * lookahead).
 */
export function mostOfBreadth({ breadth, width, depth, lookahead = 0 }: Breadth): number {
  let most = 0
  for (let d = 0, nodes = 1; d < depth; d++, nodes = Math.min(breadth, nodes * width)) most += nodes * width
  return most * (1 + lookahead)
}

/** Keeps the best nodes of each depth, and continues those of them that are not finished. */
export async function searchBreadthFirst(
  run: SearchRun,
  options: FrontierOptions,
  { breadth, width, depth, lookahead = 0 }: Breadth,
): Promise<Decision> {
  const frontier = new Frontier(run, options)
  let open: readonly SearchNode[] = [ROOT]
  for (let d = 0; d < depth && open.length > 0; d++) {
    const children = await expandAhead(frontier, open, width, lookahead)
    const kept = [...children].sort(byValue).slice(0, breadth)
    open = kept.filter(({ isFinished }) => !isFinished)
  }
  return frontier.decide()
}
