import { rational, type Rational } from '@posttrain/rewards'
import {
  addSums,
  constant,
  factorSum,
  integer,
  negateSum,
  plus,
  scaleSum,
  symbol,
  termSum,
  times,
  type Atom,
  type Factor,
  type Sum,
} from './sum.js'
import { Undecided } from '../limits/undecided.js'

/** A sine or cosine of a sum. */
export type Wave = Extract<Atom, { kind: 'function' }> & { readonly name: 'sin' | 'cos' }

export const isWave = (atom: Atom): atom is Wave =>
  atom.kind === 'function' && (atom.name === 'sin' || atom.name === 'cos')

const half = rational(1n, 2n)
const rootOf = (prime: bigint): Factor => ({ atom: { kind: 'prime', prime }, exponent: half })
const roots = (...primes: readonly bigint[]): Sum =>
  termSum(rational(1n), new Map(primes.map((prime) => [`${prime}`, rootOf(prime)])))
const over = (sum: Sum, n: bigint): Sum => scaleSum(sum, rational(1n, n))

/** cos πq for 0 ≤ q ≤ 1/2 where it is a sum of square roots. */
const table: ReadonlyMap<string, () => Sum> = new Map([
  ['0/1', () => integer(1)],
  ['1/12', () => over(addSums(roots(2n, 3n), roots(2n)), 4n)],
  ['1/6', () => over(roots(3n), 2n)],
  ['1/5', () => over(addSums(integer(1), roots(5n)), 4n)],
  ['1/4', () => over(roots(2n), 2n)],
  ['1/3', () => constant(half)],
  ['2/5', () => over(addSums(roots(5n), integer(-1)), 4n)],
  ['5/12', () => over(addSums(roots(2n, 3n), negateSum(roots(2n))), 4n)],
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
  if (q === undefined) {
    const shifted = withoutShift(angle, 'cos')
    return shifted ?? factorSum({ kind: 'function', name: 'cos', argument: evenArgument(angle).argument })
  }
  const { denominator: d } = q
  const turn = ((q.numerator % (2n * d)) + 2n * d) % (2n * d)
  const upper = turn > d ? 2n * d - turn : turn
  const flipped = 2n * upper > d
  const first = rational(flipped ? d - upper : upper, d)
  const value =
    table.get(`${first.numerator}/${first.denominator}`)?.() ??
    factorSum({ kind: 'function', name: 'cos', argument: scaleSum(symbol('π'), first) })
  return flipped ? negateSum(value) : value
}

/** sin of an angle in radians: that of π/2 − angle by cos at multiples of π, otherwise an odd function. */
export function sine(angle: Sum): Sum {
  const q = multipleOfPi(angle)
  if (q !== undefined) return cosine(scaleSum(symbol('π'), plus(half, times(q, rational(-1n)))))
  const shifted = withoutShift(angle, 'sin')
  if (shifted !== undefined) return shifted
  const { argument, negated } = evenArgument(angle)
  const value = inverseOf('arcsin', argument) ?? factorSum({ kind: 'function', name: 'sin', argument })
  return negated ? negateSum(value) : value
}

/** x where the angle is the inverse function of x. */
export function inverseOf(name: string, angle: Sum): Sum | undefined {
  const [term, ...others] = angle.values()
  if (term === undefined || others.length > 0 || term.factors.size !== 1) return undefined
  const [{ atom, exponent }] = [...term.factors.values()] as [Factor]
  const isOne = ({ numerator, denominator }: Rational): boolean => numerator === denominator
  const plain = atom.kind === 'function' && atom.name === name && isOne(exponent) && isOne(term.coefficient)
  return plain ? atom.argument : undefined
}

/** cos and sin of θ + πq by those of θ, where q is a multiple of 1/12, at which both are sums of square roots. */
function withoutShift(angle: Sum, name: 'sin' | 'cos'): Sum | undefined {
  const q = angle.get('π')?.coefficient
  if (q === undefined || 12n % q.denominator !== 0n) return undefined
  const rest = new Map([...angle].filter(([key]) => key !== 'π'))
  const turn = scaleSum(symbol('π'), q)
  const [cosTurn, sinTurn, cosRest, sinRest] = [cosine(turn), sine(turn), cosine(rest), sine(rest)]
  if (name === 'cos') return addSums(disjointProduct(cosRest, cosTurn), negateSum(disjointProduct(sinRest, sinTurn)))
  return addSums(disjointProduct(sinRest, cosTurn), disjointProduct(cosRest, sinTurn))
}

/** The product of sums that have no atom in common. @throws Undecided where they have one. */
function disjointProduct(a: Sum, b: Sum): Sum {
  const products = [...a.values()].flatMap((x) =>
    [...b.values()].map((y) => {
      if ([...x.factors.keys()].some((key) => y.factors.has(key))) throw new Undecided('a sine of a sum of angles')
      return termSum(times(x.coefficient, y.coefficient), new Map([...x.factors, ...y.factors]))
    }),
  )
  return addSums(...products)
}

/** The product of two waves as half a sum of two: cos a cos b = ½ (cos(a − b) + cos(a + b)), and so on. */
export function waveProduct(a: Wave, b: Wave): Sum {
  const [x, y] = [a.argument, b.argument]
  const [less, more] = [addSums(x, negateSum(y)), addSums(x, y)]
  if (a.name === b.name)
    return scaleSum(addSums(cosine(less), a.name === 'cos' ? cosine(more) : negateSum(cosine(more))), half)
  return scaleSum(addSums(sine(more), a.name === 'sin' ? sine(less) : negateSum(sine(less))), half)
}

/** The angle or its negative: the one whose first term has a positive coefficient. */
export function evenArgument(angle: Sum): { readonly argument: Sum; readonly negated: boolean } {
  const [first] = [...angle].sort(([a], [b]) => (a < b ? -1 : 1))
  const negated = first !== undefined && first[1].coefficient.numerator < 0n
  return { argument: negated ? negateSum(angle) : angle, negated }
}
