import { invalidData } from '@posttrain/core'
import type { Frontier } from './frontier.js'
import { nodeId, ROOT, type SearchNode } from './search-node.js'
import type { SearchRun } from './search-run.js'
import { puctScore, uctScore } from './selection.js'

/** A node with what its visits came to. */
export interface Visited {
  readonly node: SearchNode
  /** Its share of its siblings' priors. */
  readonly prior: number
  visits: number
  total: number
  children?: readonly Visited[]
  /** What a visit is worth; `null` where that cannot be told, and then it is visited no more. */
  worth?: number | null
}

/** How a Monte-Carlo tree search selects, expands and evaluates. */
export interface VisitRule {
  readonly selection: 'uct' | 'puct'
  readonly c: number
  readonly width: number
  readonly priors: 'uniform' | 'value'
  /** Whether a step is worth what a completion drawn from it is. */
  readonly rollouts: boolean
}

/** The tree of a Monte-Carlo tree search. Among equals the child of the lowest index is selected. */
export class VisitTree {
  readonly root: Visited = { node: ROOT, prior: 1, visits: 0, total: 0 }
  readonly #run: SearchRun
  readonly #frontier: Frontier
  readonly #rule: VisitRule

  constructor(run: SearchRun, frontier: Frontier, rule: VisitRule) {
    this.#run = run
    this.#frontier = frontier
    this.#rule = rule
  }

  /**
   * One simulation: selects down to a node that was not visited yet or cannot be continued, and backs its worth up.
   *
   * @returns whether there was something to visit
   */
  async simulate(): Promise<boolean> {
    const way = [this.root]
    for (let at = this.root; !at.node.isFinished;) {
      at.children ??= await this.#expand(at.node)
      const child = this.#select(at)
      if (!child) break
      way.push((at = child))
      if (at.visits === 0) break
    }
    const last = way.at(-1)!
    if (last === this.root) return false
    const worth = (last.worth ??= await this.#evaluate(last.node))
    if (worth === null) return true
    for (const visited of way) {
      visited.visits++
      visited.total += worth
    }
    return true
  }

  #select(parent: Visited): Visited | undefined {
    const { selection, c } = this.#rule
    const score = (child: Visited): number =>
      selection === 'uct' ? uctScore(child, parent.visits, c) : puctScore(child, parent.visits, c, child.prior)
    const open = parent.children!.filter(({ worth }) => worth !== null)
    return open.reduce<Visited | undefined>((a, b) => (a && score(a) >= score(b) ? a : b), undefined)
  }

  async #expand(node: SearchNode): Promise<readonly Visited[]> {
    const { width, rollouts, selection, priors } = this.#rule
    const byValue = selection === 'puct' && priors === 'value'
    const children =
      rollouts && !byValue ? await this.#frontier.grow([node], { width }) : await this.#frontier.expand([node], width)
    if (rollouts && !byValue) this.#frontier.keep(children)
    const weights = children.map((child) => (byValue ? requirePrior(child, this.#run.where) : 1))
    const sum = weights.reduce((a, b) => a + b, 0)
    return children.map((child, i) => ({
      node: child,
      prior: sum === 0 ? 1 / children.length : weights[i]! / sum,
      visits: 0,
      total: 0,
    }))
  }

  async #evaluate(node: SearchNode): Promise<number | null> {
    if (node.isFinished) return this.#frontier.worth(node)
    if (!this.#rule.rollouts) return node.value
    const [end] = await this.#frontier.grow([node], { width: 1, label: 'rollout', toTheEnd: true })
    if (!end) return null
    if (end.isFinished) return this.#frontier.worth(end)
    this.#frontier.keep([end])
    return null
  }
}

function requirePrior(node: SearchNode, where: string): number {
  if (node.value !== null && node.value >= 0) return node.value
  throw invalidData(
    `the step ${nodeId(node)} ${where} has the value ${String(node.value)}, which is no prior`,
    "give values of at least 0, or choose priors: 'uniform'",
  )
}
