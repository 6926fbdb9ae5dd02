import { rational, type Rational } from '@posttrain/rewards'
import {
  addSums,
  atomSum,
  constant,
  integer,
  multiplySums,
  negateSum,
  plus,
  scaleSum,
  symbol,
  type Sum,
} from './sum.js'

const half = rational(1n, 2n)
const root = (prime: bigint): Sum => atomSum({ kind: 'prime', prime }, half)
const over = (sum: Sum, n: bigint): Sum => scaleSum(sum, rational(1n, n))
const root6 = (): Sum => multiplySums(root(2n), root(3n))

/** cos πq for 0 ≤ q ≤ 1/2 where it is a sum of square roots. */
const table: ReadonlyMap<string, () => Sum> = new Map([
  ['0/1', () => integer(1)],
  ['1/12', () => over(addSums(root6(), root(2n)), 4n)],
  ['1/6', () => over(root(3n), 2n)],
  ['1/5', () => over(addSums(integer(1), root(5n)), 4n)],
  ['1/4', () => over(root(2n), 2n)],
  ['1/3', () => constant(half)],
  ['2/5', () => over(addSums(root(5n), integer(-1)), 4n)],
  ['5/12', () => over(addSums(root6(), negateSum(root(2n))), 4n)],
  ['1/2', () => new Map()],
])

/** The rational q where the angle is πq. */
function multipleOfPi(angle: Sum): Rational | undefined {
  if (angle.size === 0) return rational(0n)
  return angle.size === 1 ? angle.get('π')?.coefficient : undefined
}

/** cos of an angle in radians: exact where it is a sum of square roots, otherwise the function of one sign. */
export function cosine(angle: Sum): Sum {
  const q = multipleOfPi(angle)
  if (q === undefined) return atomSum({ kind: 'function', name: 'cos', argument: evenArgument(angle).argument })
  const { denominator: d } = q
  const turn = ((q.numerator % (2n * d)) + 2n * d) % (2n * d)
  const upper = turn > d ? 2n * d - turn : turn
  const flipped = 2n * upper > d
  const first = rational(flipped ? d - upper : upper, d)
  const value =
    table.get(`${first.numerator}/${first.denominator}`)?.() ??
    atomSum({ kind: 'function', name: 'cos', argument: scaleSum(symbol('π'), first) })
  return flipped ? negateSum(value) : value
}

/** sin of an angle in radians: that of π/2 − angle by cos at multiples of π, otherwise an odd function. */
export function sine(angle: Sum): Sum {
  const q = multipleOfPi(angle)
  if (q !== undefined) return cosine(scaleSum(symbol('π'), plus(half, rational(-q.numerator, q.denominator))))
  const { argument, negated } = evenArgument(angle)
  const value = atomSum({ kind: 'function', name: 'sin', argument })
  return negated ? negateSum(value) : value
}

/** The angle or its negative: the one whose first term has a positive coefficient. */
function evenArgument(angle: Sum): { readonly argument: Sum; readonly negated: boolean } {
  const [first] = [...angle].sort(([a], [b]) => (a < b ? -1 : 1))
  const negated = first !== undefined && first[1].coefficient.numerator < 0n
  return { argument: negated ? negateSum(angle) : angle, negated }
}
