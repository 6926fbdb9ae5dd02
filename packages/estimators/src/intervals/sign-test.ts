import { invalidArgument, requireFiniteArray, requireInteger, requireLength, sum } from '@posttrain/core'
import { binomialWeights } from '../binomial-weights.js'

/**
 * Two-sided exact p-value of w wins and l losses under even odds: twice the smaller tail of Binomial(w+l, ½), at most
 * 1.
 *
 * @param wins tasks on which one system is better
 * @param losses tasks on which the other one is
 * @returns on (0, 1]
 * @throws PosttrainError `invalid-argument` for what is no count
 * @example
 * ```ts
 * signTest(9, 1) // => 0.021484375
 * ```
 */
export function signTest(wins: number, losses: number): number {
  requireInteger('wins', wins, { min: 0 })
  requireInteger('losses', losses, { min: 0 })
  return Math.min(1, 2 * lowerTail(wins + losses, Math.min(wins, losses)))
}

/** Beyond this 2⁻ⁿ is no number of full precision. */
const MOST_HALVINGS = 1000

/** P(Binomial(n, ½) ≤ last): for small n without any rounding, since C(n, j)/2ⁿ is a number exactly. */
function lowerTail(n: number, last: number): number {
  if (n > MOST_HALVINGS) return sum(binomialWeights(n, 1, 1).subarray(0, last + 1))
  let term = 2 ** -n
  let tail = 0
  for (let j = 0; j <= last; j++) {
    tail += term
    term = (term * (n - j)) / (j + 1)
  }
  return tail
}

/** The four cells of two binary verdicts on the same tasks. */
export interface McNemarResult {
  /** Tasks that only a solves. */
  readonly onlyA: number
  /** Tasks that only b solves. */
  readonly onlyB: number
  /** Two-sided, exact. */
  readonly pValue: number
}

/**
 * McNemar's exact test of two systems with one verdict each per task: the sign test on the tasks where they differ
 * (McNemar 1947). For one sample per task; with more, use `pairedDifference`.
 *
 * @param a (tasks), 0 or 1
 * @param b (tasks), 0 or 1, in the order of `a`
 * @returns where the two differ, and the p-value
 * @throws PosttrainError `invalid-argument` for different lengths or values other than 0 and 1
 * @example
 * ```ts
 * mcnemarTest([0, 0, 1, 0], [1, 1, 1, 1]).pValue // => 0.25
 * ```
 */
export function mcnemarTest(a: ArrayLike<number>, b: ArrayLike<number>): McNemarResult {
  requireLength('b', b, a.length)
  for (const [name, values] of [
    ['a', a],
    ['b', b],
  ] as const) {
    requireFiniteArray(name, values)
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== 0 && values[i] !== 1) throw invalidArgument(`${name}[${i}] must be 0 or 1, but is ${values[i]}`)
    }
  }
  let onlyA = 0
  let onlyB = 0
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) onlyA++
    if (b[i]! > a[i]!) onlyB++
  }
  return { onlyA, onlyB, pValue: signTest(onlyB, onlyA) }
}
