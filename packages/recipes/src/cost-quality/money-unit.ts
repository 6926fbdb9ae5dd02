import type { Unit } from '@posttrain/report'

/** Digits that the smallest amount is written with. */
const SIGNIFICANT = 3

/** How amounts of one table are written: as many decimals as the smallest above 0 needs. */
export function moneyUnit(amounts: readonly number[]): Unit {
  const least = Math.min(...amounts.filter((amount) => amount > 0))
  const before = Number.isFinite(least) ? Math.floor(Math.log10(least)) + 1 : 1
  return { scale: 1, digits: Math.min(12, Math.max(2, SIGNIFICANT - before)), symbol: '' }
}
