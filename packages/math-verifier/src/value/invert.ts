import { applyOperator, rational, type Rational } from '@posttrain/rewards'
import { multiplySums } from './product.js'
import { addSums, constant, integer, type Sum, type Term } from './sum.js'

const isRadical = (term: Term): boolean =>
  [...term.factors.values()].every(
    ({ atom, exponent }) =>
      (atom.kind === 'prime' && exponent.numerator < exponent.denominator) ||
      (atom.kind === 'symbol' && atom.name === 'i'),
  )

/** The largest degree of a field of radicals in which an inverse is computed. */
const largestDegree = 36

/**
 * 1/sum for a sum of radicals of primes and of i, as such a sum; undefined for others and for degrees above 36.
 *
 * Products of the terms span a space of finite dimension over the rationals, in which multiplication by the sum is a
 * matrix; the inverse solves one linear system. Radicals of distinct primes are linearly independent, so it exists.
 */
export function invertConstant(sum: Sum): Sum | undefined {
  if (![...sum.values()].every(isRadical)) return undefined
  const basis: Sum[] = [integer(1)]
  const place = new Map<string, number>([['', 0]])
  const columns: Sum[] = []
  for (let at = 0; at < basis.length; at++) {
    if (basis.length > largestDegree) return undefined
    const column = multiplySums(basis[at]!, sum)
    columns.push(column)
    for (const [key, { factors }] of column) {
      if (place.has(key)) continue
      place.set(key, basis.length)
      basis.push(new Map([[key, { coefficient: rational(1n), factors }]]))
    }
  }
  const size = basis.length
  const rows = Array.from({ length: size }, () => Array.from({ length: size + 1 }, () => rational(0n)))
  for (const [at, column] of columns.entries())
    for (const [key, { coefficient }] of column) rows[place.get(key)!]![at] = coefficient
  rows[0]![size] = rational(1n)
  const solution = solve(rows)
  return solution && addSums(...solution.map((value, at) => multiplySums(constant(value), basis[at]!)))
}

/** The solution of a square system of linear equations, by elimination over the rationals. */
function solve(rows: Rational[][]): Rational[] | undefined {
  const size = rows.length
  for (let at = 0; at < size; at++) {
    const pivot = rows.findIndex((row, index) => index >= at && row[at]!.numerator !== 0n)
    if (pivot < 0) return undefined
    const chosen = rows[pivot]!
    rows[pivot] = rows[at]!
    const scaled = chosen.map((value) => applyOperator('/', value, chosen[at]!)!)
    rows[at] = scaled
    for (const [index, row] of rows.entries()) {
      const factor = row[at]!
      if (index === at || factor.numerator === 0n) continue
      rows[index] = row.map((value, column) => applyOperator('-', value, applyOperator('*', factor, scaled[column]!)!)!)
    }
  }
  return rows.map((row) => row[size]!)
}
