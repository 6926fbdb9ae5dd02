import { rational } from '@posttrain/rewards'
import { enclose } from './enclose.js'
import { greatestDivisor, primeFactors } from './integers.js'
import { power } from './power.js'
import { divide, multiply, negate, sumOf, whole, type Quotient } from './quotient.js'
import {
  addSums,
  atomSum,
  integer,
  isInteger,
  multiplySums,
  negateSum,
  rationalOf,
  scaleSum,
  symbol,
  type Sum,
} from './sum.js'
import { cosine, sine } from './trigonometry.js'
import { limits, Undecided } from '../limits/undecided.js'

type Apply = (...values: readonly Quotient[]) => Quotient

const inverse = (value: Quotient): Quotient => divide(whole(integer(1)), value)
const cos = (x: Quotient): Quotient => whole(cosine(sumOf(x)))
const sin = (x: Quotient): Quotient => whole(sine(sumOf(x)))
const tan = (x: Quotient): Quotient => divide(sin(x), cos(x))

/** ln of a positive rational is Σ count · ln prime; ln e^q = q. */
function ln(x: Quotient): Quotient {
  const sum = sumOf(x)
  if (sum.size !== 1) return opaque('ln')(x)
  const { coefficient, factors } = [...sum.values()][0]!
  if (coefficient.numerator <= 0n) throw new Undecided('the logarithm of a number that is not positive')
  const primes = [
    ...primeFactors(coefficient.numerator),
    ...primeFactors(coefficient.denominator).map(([prime, count]) => [prime, -count] as const),
  ]
  const logarithm = (argument: Sum): Sum => atomSum({ kind: 'function', name: 'ln', argument })
  const parts = primes.map(([prime, count]) => scaleSum(logarithm(integer(prime)), rational(BigInt(count))))
  for (const { atom, exponent } of factors.values()) {
    if (atom.kind === 'prime') parts.push(scaleSum(logarithm(integer(atom.prime)), exponent))
    else if (atom.kind === 'symbol' && atom.name === 'e') parts.push(scaleSum(integer(1), exponent))
    else return opaque('ln')(x)
  }
  return whole(addSums(...parts))
}

/** A function that is known by its name and argument alone. */
const opaque =
  (name: string): Apply =>
  (x) =>
    whole(atomSum({ kind: 'function', name, argument: sumOf(x) }))

/** n!, multiplied out for small n; (v + c)! = v! · Π (v + j), where v has no constant term. */
function factorial(x: Quotient): Quotient {
  const sum = sumOf(x)
  const n = rationalOf(sum)
  if (n !== undefined) {
    if (!isInteger(n) || n.numerator < 0n) throw new Undecided('the factorial of what is no natural number')
    if (n.numerator > BigInt(limits.factorial)) return opaque('factorial')(x)
    let product = 1n
    for (let k = 2n; k <= n.numerator; k++) product *= k
    return whole(integer(product))
  }
  const shift = sum.get('')?.coefficient
  if (shift === undefined || !isInteger(shift)) return opaque('factorial')(x)
  const steps = Number(shift.numerator)
  if (Math.abs(steps) > 20) return opaque('factorial')(x)
  const base = addSums(sum, integer(-steps))
  let value = opaque('factorial')(whole(base))
  for (let j = 1; j <= steps; j++) value = multiply(value, whole(addSums(base, integer(j))))
  for (let j = 0; j > steps; j--) value = divide(value, whole(addSums(base, integer(j))))
  return value
}

/** |x|: the sign of a real number is proved by an enclosure; of a complex one it is √(re² + im²). */
function abs(x: Quotient): Quotient {
  const sum = sumOf(x)
  if (sum.size === 0) return x
  const real = new Map([...sum].filter(([, { factors }]) => !factors.has('i')))
  if (real.size < sum.size) {
    const imaginary = new Map([...sum].filter(([, { factors }]) => factors.has('i')))
    const square = addSums(multiplySums(real, real), negateSum(multiplySums(imaginary, imaginary)))
    return power(whole(square), whole(scaleSum(integer(1), rational(1n, 2n))))
  }
  const enclosed = enclose(sum, 128)
  if (enclosed === undefined || (enclosed.low <= 0n && enclosed.high >= 0n)) return opaque('abs')(x)
  return enclosed.low > 0n ? x : negate(x)
}

function integers(values: readonly Quotient[]): bigint[] {
  return values.map((value) => {
    const number = rationalOf(sumOf(value))
    if (number === undefined || !isInteger(number)) throw new Undecided('a function of integers has another argument')
    return number.numerator
  })
}

function binomial(a: Quotient, b: Quotient): Quotient {
  const k = integers([b])[0]!
  if (k < 0n || k > BigInt(limits.factorial)) throw new Undecided('a binomial coefficient is out of the limits')
  let value = whole(integer(1))
  for (let j = 0n; j < k; j++)
    value = divide(multiply(value, whole(addSums(sumOf(a), integer(-j)))), whole(integer(j + 1n)))
  return value
}

function rounded(x: Quotient, up: boolean): Quotient {
  const value = rationalOf(sumOf(x))
  if (value === undefined) throw new Undecided('only rational numbers are rounded')
  const { numerator: n, denominator: d } = value
  const floor = (m: bigint): bigint => (m >= 0n ? m / d : -((-m + d - 1n) / d))
  return whole(integer(up ? -floor(-n) : floor(n)))
}

/** The functions that have a meaning, by name. */
export const functions: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['cos', (x) => cos(x)],
  ['sin', (x) => sin(x)],
  ['tan', (x) => tan(x)],
  ['cot', (x) => divide(cos(x), sin(x))],
  ['sec', (x) => inverse(cos(x))],
  ['csc', (x) => inverse(sin(x))],
  ['ln', (x) => ln(x)],
  ['log', (x, base) => divide(ln(x), ln(base ?? whole(integer(10))))],
  ['exp', (x) => power(whole(symbol('e')), x)],
  ['factorial', (x) => factorial(x)],
  ['abs', (x) => abs(x)],
  ['binom', (a, b) => binomial(a, b)],
  ['floor', (x) => rounded(x, false)],
  ['ceil', (x) => rounded(x, true)],
  ['gcd', (...values) => whole(integer(integers(values).reduce(greatestDivisor)))],
  [
    'lcm',
    (...values) => whole(integer(integers(values).reduce((a, b) => (a === 0n ? 0n : (a / greatestDivisor(a, b)) * b)))),
  ],
  ['degrees', (x) => multiply(x, whole(scaleSum(symbol('π'), rational(1n, 180n))))],
  ...['arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh'].map((name) => [name, opaque(name)] as const),
])
