import type { Unit } from '../unit.js'

/** A value as it is written in a page: with a true minus sign. */
export function written(value: number, { scale, digits, symbol }: Unit): string {
  const number = (value * scale).toFixed(digits).replace('-', '−')
  return symbol === '' ? number : `${number} ${symbol}`
}
