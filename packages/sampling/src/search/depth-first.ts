import type { Decision, RewardFunction } from '@posttrain/core'
import { Frontier, type FrontierOptions } from './frontier.js'
import { byValue, ROOT, type SearchNode } from './search-node.js'
import type { SearchRun } from './search-run.js'

/** How a depth-first search selects. */
export interface DepthFirst {
  /** A thought of this value or less is not continued (default: every thought is). */
  readonly threshold?: number | undefined
  /** A whole completion worth this much ends the search. */
  readonly goal: number
  /** Nodes that are visited at most, the root among them. */
  readonly visitLimit: number
  /** What a whole completion is worth (default: its value). It sees no reference. */
  readonly verify?: RewardFunction | undefined
}

/** Goes down the best child first, prunes, goes back, and stops at the goal. */
export async function searchDepthFirst(
  run: SearchRun,
  options: FrontierOptions,
  { threshold = -Infinity, goal, visitLimit, width, depth }: DepthFirst & { width: number; depth: number },
): Promise<Decision> {
  const frontier = new Frontier(run, options)
  let visits = 0
  let isFound = false
  const isOver = (): boolean => visits >= visitLimit || run.isCapped || (isFound && run.mayStop)
  const visit = async (node: SearchNode): Promise<void> => {
    visits++
    if (node.isFinished) {
      const worth = await frontier.worth(node)
      isFound ||= worth !== null && worth >= goal
      return
    }
    if (node.path.length === depth) return
    const children = await frontier.expand([node], width)
    for (const child of [...children].sort(byValue)) {
      if (isOver()) return
      if (child.value > threshold || !run.mayStop) await visit(child)
    }
  }
  await visit(ROOT)
  if (isFound) return frontier.decide('decided', `that reaches the goal of ${goal}`)
  return frontier.decide('complete', visits >= visitLimit ? `${visits} nodes were visited` : undefined)
}
