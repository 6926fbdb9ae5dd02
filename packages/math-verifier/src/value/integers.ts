import type { Rational } from '@posttrain/rewards'
import { bitLength } from '../limits/undecided.js'

/** The largest prime that is looked for by division. */
const largestDivisor = 10_000n

/** A prime with how often it is a factor; below a fraction line as often less than never. */
export type PrimeCount = readonly [prime: bigint, count: number]

/** The primes of a positive fraction; undefined where what is left has no small factor and could be composite. */
export function primesOf({ numerator, denominator }: Rational): readonly PrimeCount[] | undefined {
  const [above, below] = [primeFactors(numerator), primeFactors(denominator)]
  return above && below && [...above, ...below.map(([prime, count]) => [prime, -count] as const)]
}

function primeFactors(n: bigint): PrimeCount[] | undefined {
  const found: PrimeCount[] = []
  let left = n
  for (let prime = 2n; prime <= largestDivisor && prime * prime <= left; prime += prime === 2n ? 1n : 2n) {
    let count = 0
    for (; left % prime === 0n; count++) left /= prime
    if (count > 0) found.push([prime, count])
  }
  if (left === 1n) return found
  if (left > largestDivisor * largestDivisor) return undefined
  return [...found, [left, 1]]
}

/** ⌊ᵏ√n⌋ for n ≥ 0, by Newton's method. */
export function floorRoot(n: bigint, k: number): bigint {
  if (n < 2n) return n
  const degree = BigInt(k)
  let x = 1n << BigInt(Math.floor(bitLength(n) / k) + 1)
  for (;;) {
    const next = ((degree - 1n) * x + n / x ** (degree - 1n)) / degree
    if (next >= x) return x
    x = next
  }
}

/** The k-th root of n ≥ 0 where it is an integer. */
export function exactRoot(n: bigint, k: number): bigint | undefined {
  const root = floorRoot(n, k)
  return root ** BigInt(k) === n ? root : undefined
}

export const greatestDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}
