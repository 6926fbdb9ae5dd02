/** How often a child was visited, and what those visits were worth. */
export interface VisitCounts {
  readonly visits: number
  /** Sum of the worth of the visits. */
  readonly total: number
}

/**
 * Upper confidence bound of a child for trees (UCT; Kocsis and Szepesvári 2006): W/N + c·√(ln Nₚ / N), with the
 * child's visits N, their total worth W and the visits Nₚ of the parent. Unvisited children come first: ∞.
 *
 * @param c weight of what is little known; √2 for worths from 0 to 1
 * @example
 * ```ts
 * uctScore({ visits: 1, total: 0.5 }, 10, Math.SQRT2) // => 2.645966
 * ```
 */
export const uctScore = ({ visits, total }: VisitCounts, parentVisits: number, c: number): number =>
  visits === 0 ? Infinity : total / visits + c * Math.sqrt(Math.log(parentVisits) / visits)

/**
 * The rule of AlphaGo Zero (PUCT; Silver et al. 2017): Q + c·P·√max(Nₚ, 1) / (1 + N), with the mean worth Q of the
 * child's N visits, 0 before the first, its prior P and the visits Nₚ of the parent before this one.
 *
 * @param prior the child's share of its siblings' priors
 * @example
 * ```ts
 * puctScore({ visits: 0, total: 0 }, 9, 1.5, 0.5) // => 2.25
 * ```
 */
export const puctScore = ({ visits, total }: VisitCounts, parentVisits: number, c: number, prior: number): number =>
  (visits === 0 ? 0 : total / visits) + (c * prior * Math.sqrt(Math.max(parentVisits, 1))) / (1 + visits)
