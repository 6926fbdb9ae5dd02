/**
 * Groups of nodes that reach each other: each is a circle, or several that share a node (Tarjan's strongly connected
 * components of more than one node).
 *
 * @param edges for each node the nodes that it names; nodes without a row of their own name nothing
 * @returns the groups, each sorted, in alphabetical order
 */
export function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (node: string): void => {
    index.set(node, index.size)
    low.set(node, index.get(node)!)
    stack.push(node)
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!))
    }
    if (low.get(node) !== index.get(node)) return
    const group = stack.splice(stack.indexOf(node))
    if (group.length > 1) found.push(group.sort())
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node)
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}
