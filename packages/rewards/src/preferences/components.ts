/**
 * The strongly connected components of a directed graph, such that no edge leads to an earlier one (Sharir 1981,
 * https://doi.org/10.1016/0898-1221(81)90008-0).
 *
 * @param next (nodes): where the edges of each node lead
 * @returns the nodes of each component, in their order
 */
export function strongComponents(next: readonly Iterable<number>[]): readonly (readonly number[])[] {
  const before = next.map((): number[] => [])
  next.forEach((nodes, from) => {
    for (const to of nodes) before[to]!.push(from)
  })
  const finished: number[] = []
  const visited = new Set<number>()
  next.forEach((_, node) => finished.push(...reached(node, next, visited)))
  const assigned = new Set<number>()
  return finished
    .reverse()
    .map((node) => reached(node, before, assigned).sort((a, b) => a - b))
    .filter((nodes) => nodes.length > 0)
}

/** The components of the graph when its edges lead both ways, in the order of their first nodes. */
export function weakComponents(next: readonly Iterable<number>[]): readonly (readonly number[])[] {
  const both = next.map((nodes) => [...nodes])
  next.forEach((nodes, from) => {
    for (const to of nodes) both[to]!.push(from)
  })
  return [...strongComponents(both)].sort(([a], [b]) => a! - b!)
}

/** What is reached from a node and was not visited before, each node after all that are reached from it. */
function reached(start: number, next: readonly Iterable<number>[], visited: Set<number>): number[] {
  const finished: number[] = []
  const path: { readonly node: number; readonly left: Iterator<number, undefined> }[] = []
  const visit = (node: number): void => {
    if (visited.has(node)) return
    visited.add(node)
    path.push({ node, left: next[node]![Symbol.iterator]() as Iterator<number, undefined> })
  }
  visit(start)
  while (path.length > 0) {
    const { node, left } = path[path.length - 1]!
    const following = left.next()
    if (following.done !== true) {
      visit(following.value)
      continue
    }
    path.pop()
    finished.push(node)
  }
  return finished
}
