import { requireFinite } from '@posttrain/core'

/** How a quantity is written: 0.3118 with `percent` is `31.2 %`. */
export interface Unit {
  /** Written number = value × scale. */
  readonly scale: number
  /** Decimals. */
  readonly digits: number
  /** Written after the number, for instance `%`; empty for none. */
  readonly symbol: string
  /** Write a plus before positive numbers, as for a difference. */
  readonly signed?: boolean | undefined
}

/** Shares and probabilities: `31.2 %`. */
export const percent: Unit = { scale: 100, digits: 1, symbol: '%' }

/** Differences of shares, in percentage points: `+18.1 pp`. */
export const points: Unit = { scale: 100, digits: 1, symbol: 'pp', signed: true }

/** Entropies and divergences: `0.342 nats`. */
export const nats: Unit = { scale: 1, digits: 3, symbol: 'nats' }

/** A number as it is, with three decimals: `0.342`. */
export const plain: Unit = { scale: 1, digits: 3, symbol: '' }

/**
 * Writes a number without its unit's symbol, with a true minus sign and never a negative zero.
 *
 * @throws PosttrainError `invalid-argument` for a number that is not finite.
 * @example
 * ```ts
 * formatNumber(-0.181, points) // => '−18.1'
 * formatNumber(0.181, points) // => '+18.1'
 * ```
 */
export function formatNumber(value: number, unit: Unit = plain): string {
  const scaled = requireFinite('value', value) * unit.scale
  const digits = Math.abs(scaled).toFixed(unit.digits)
  if (Number(digits) === 0) return digits
  if (scaled < 0) return `−${digits}`
  return unit.signed ? `+${digits}` : digits
}
