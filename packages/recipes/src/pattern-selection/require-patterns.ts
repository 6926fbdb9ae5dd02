import { invalidArgument, requireFinite, requireFiniteArray, requireLength, sum } from '@posttrain/core'

/** What shares that were computed may miss 1 by. */
const ROUNDING = 1e-9

/** Requires shares of patterns: at least one, from 0 on, adding up to 1. */
export function requireShares(name: string, shares: ArrayLike<number>): void {
  if (shares.length === 0) throw invalidArgument(`${name} has no patterns`)
  for (let i = 0; i < shares.length; i++) requireFinite(`${name}[${i}]`, shares[i]!, { min: 0 })
  const total = sum(shares)
  if (Math.abs(total - 1) <= ROUNDING) return
  throw invalidArgument(`the shares of ${name} add up to ${total}, not to 1`, 'divide each by their sum')
}

/** Requires shares and a reward for each pattern. */
export function requirePatterns(name: string, shares: ArrayLike<number>, rewards: ArrayLike<number>): void {
  requireShares(name, shares)
  requireLength('rewards', rewards, shares.length)
  requireFiniteArray('rewards', rewards)
}

/** Σ s_r·R_r: what the policy earns. */
export const meanReward = (shares: ArrayLike<number>, rewards: ArrayLike<number>): number =>
  sum(Float64Array.from(shares, (share, r) => share * rewards[r]!))
