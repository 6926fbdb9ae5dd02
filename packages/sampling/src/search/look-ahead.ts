import type { Frontier } from './frontier.js'
import type { ScoredNode, SearchNode } from './search-node.js'

/**
 * All children of all nodes, each with the value of where it leads: up to so many further steps are drawn below it at
 * temperature 0, and the end is scored in its place.
 *
 * @param steps 0 scores the children themselves
 */
export async function expandAhead(
  frontier: Frontier,
  nodes: readonly SearchNode[],
  width: number,
  steps: number,
): Promise<readonly ScoredNode[]> {
  const children = await frontier.grow(nodes, { width })
  if (steps > 0) frontier.keep(children)
  let ends = children
  for (let step = 0; step < steps && ends.some(({ isFinished }) => !isFinished); step++) {
    const grown = await frontier.grow(
      ends.filter(({ isFinished }) => !isFinished),
      { width: 1, label: 'ahead', temperature: 0 },
    )
    const below = new Map(grown.map((node) => [JSON.stringify(node.path.slice(0, -2)), node]))
    frontier.keep(grown)
    ends = ends.map((end) => below.get(JSON.stringify(end.path)) ?? end)
  }
  const scores = await frontier.score(ends)
  const isEnd = ends.map((end, i) => end !== children[i] && end.isFinished)
  frontier.settle(
    ends.filter((_, i) => isEnd[i]),
    scores.filter((_, i) => isEnd[i]),
  )
  return frontier.settle(children, scores)
}
