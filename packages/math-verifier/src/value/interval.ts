import type { Rational } from '@posttrain/rewards'
import { floorRoot } from './integers.js'
import { bitLength, limits } from '../limits/undecided.js'

/** All numbers from low·2^−bits to high·2^−bits; every operation rounds outwards. */
export interface Interval {
  readonly low: bigint
  readonly high: bigint
}

const floorDivide = (n: bigint, d: bigint): bigint => {
  const q = n / d
  return n % d !== 0n && n < 0n !== d < 0n ? q - 1n : q
}
const ceilDivide = (n: bigint, d: bigint): bigint => -floorDivide(-n, d)

/** A rational number, to within a unit. */
export function scaled({ numerator, denominator }: Rational, bits: number): Interval {
  const shifted = numerator << BigInt(bits)
  return { low: floorDivide(shifted, denominator), high: ceilDivide(shifted, denominator) }
}

export function multiplyIntervals(a: Interval, b: Interval, bits: number): Interval {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  const unit = 1n << BigInt(bits)
  const least = ends.reduce((x, y) => (y < x ? y : x))
  const most = ends.reduce((x, y) => (y > x ? y : x))
  return { low: floorDivide(least, unit), high: ceilDivide(most, unit) }
}

/** 1/a; undefined where a contains 0. */
export function invertInterval(a: Interval, bits: number): Interval | undefined {
  if (a.low <= 0n && a.high >= 0n) return undefined
  const unit = 1n << BigInt(2 * bits)
  return { low: floorDivide(unit, a.high), high: ceilDivide(unit, a.low) }
}

/** a^(p/q); undefined for roots of what can be negative, for 1/0 and for powers out of the limits. */
export function rootInterval(a: Interval, exponent: Rational, bits: number): Interval | undefined {
  const { numerator, denominator } = exponent
  const size = numerator < 0n ? -numerator : numerator
  const length = Math.max(bits, bitLength(a.low), bitLength(a.high))
  if (size > BigInt(limits.bits) || Number(size) * (length - bits + 1) > 4 * limits.bits) return undefined
  if (denominator > 64n) return undefined
  let value: Interval = { low: 1n << BigInt(bits), high: 1n << BigInt(bits) }
  for (let k = Number(size), square = a; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) value = multiplyIntervals(value, square, bits)
    if (k > 1) square = multiplyIntervals(square, square, bits)
  }
  if (denominator > 1n) {
    if (value.low < 0n || a.low < 0n) return undefined
    const shift = BigInt(bits) * (denominator - 1n)
    const degree = Number(denominator)
    value = { low: floorRoot(value.low << shift, degree), high: floorRoot(value.high << shift, degree) + 1n }
  }
  return numerator < 0n ? invertInterval(value, bits) : value
}
