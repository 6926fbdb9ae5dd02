import { rational } from '@posttrain/rewards'
import { enclose } from './enclose.js'
import { greatestDivisor, primesOf } from './integers.js'
import { power } from './power.js'
import { addQuotients, divide, multiply, negate, sumOf, whole, type Quotient } from './quotient.js'
import { atomSum, multiplySums } from './product.js'
import { addSums, constant, integer, isInteger, negateSum, rationalOf, scaleSum, symbol, type Sum } from './sum.js'
import { arccosine, arcsine, arctangent } from './arcs.js'
import { cosine, evenArgument, inverseOf, sine } from './trigonometry.js'
import { orderOf } from './sign.js'
import { limits, NoValue, Undecided } from '../limits/undecided.js'

type Apply = (...values: readonly Quotient[]) => Quotient

const inverse = (value: Quotient): Quotient => divide(whole(integer(1)), value)
const cos = (x: Quotient): Quotient => whole(cosine(sumOf(x)))
const sin = (x: Quotient): Quotient => whole(sine(sumOf(x)))
function tan(x: Quotient): Quotient {
  const inverse = inverseOf('arctan', sumOf(x))
  return inverse === undefined ? divide(sin(x), cos(x)) : whole(inverse)
}

/** ln of a positive rational is Σ count · ln prime; ln e^q = q. */
export function naturalLogarithm(x: Quotient): Quotient {
  const sum = sumOf(x)
  if (sum.size === 0) throw new NoValue('the logarithm of 0')
  if (sum.size !== 1) return opaque('ln')(x)
  const { coefficient, factors } = [...sum.values()][0]!
  if (coefficient.numerator <= 0n) throw new Undecided('the logarithm of a number that is not positive')
  const primes = primesOf(coefficient)
  if (primes === undefined) return opaque('ln')(x)
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
  if (enclosed === undefined || (enclosed.low <= 0n && enclosed.high >= 0n))
    return opaque('abs')(whole(evenArgument(sum).argument))
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
  if (value !== undefined) {
    const floor = floorDivide(value.numerator, value.denominator)
    return whole(integer(up ? -floorDivide(-value.numerator, value.denominator) : floor))
  }
  const enclosed = enclose(sumOf(x), 128)
  if (enclosed === undefined) return opaque(up ? 'ceil' : 'floor')(x)
  const [low, high] = [enclosed.low >> 128n, enclosed.high >> 128n]
  if (low !== high) throw new Undecided('it is not known to which integer a number is rounded')
  return whole(integer(up ? low + 1n : low))
}

const floorDivide = (n: bigint, d: bigint): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d))

/** The remainder of integers, from 0 to the divisor. */
function remainder(a: Quotient, b: Quotient): Quotient {
  const [n, d] = integers([a, b]) as [bigint, bigint]
  if (d <= 0n) throw new Undecided('a remainder by what is not positive')
  return whole(integer(n - d * floorDivide(n, d)))
}

/** n!! = n (n − 2) (n − 4) … */
function doubleFactorial(x: Quotient): Quotient {
  const [n] = integers([x]) as [bigint]
  if (n < 0n || n > BigInt(limits.factorial)) throw new Undecided('a double factorial is out of the limits')
  let product = 1n
  for (let k = n; k > 1n; k -= 2n) product *= k
  return whole(integer(product))
}

/** The real or the imaginary part: the terms without i, or those with it. */
function part(x: Quotient, imaginary: boolean): Quotient {
  const terms = [...sumOf(x)].filter(([, { factors }]) => factors.has('i') === imaginary)
  const sum: Sum = new Map(terms)
  return whole(imaginary ? negateSum(multiplySums(symbol('i'), sum)) : sum)
}

/** cosh x = (e^x + e^−x)/2; with −1, sinh x. */
function hyperbolic(x: Quotient, sign: 1 | -1): Quotient {
  const e = whole(symbol('e'))
  const inverse = multiply(power(e, negate(x)), whole(integer(sign)))
  return multiply(addQuotients(power(e, x), inverse), whole(constant(rational(1n, 2n))))
}

/** The largest or, with −1, the smallest of values whose order is proved. */
const extreme =
  (sign: 1 | -1): Apply =>
  (...values) =>
    values.reduce((a, b) => (sign * orderOf(a, b) >= 0 ? a : b))

/** The functions that have a meaning, by name. */
export const functions: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['cos', (x) => cos(x)],
  ['sin', (x) => sin(x)],
  ['tan', (x) => tan(x)],
  ['cot', (x) => divide(cos(x), sin(x))],
  ['sec', (x) => inverse(cos(x))],
  ['csc', (x) => inverse(sin(x))],
  ['ln', (x) => naturalLogarithm(x)],
  ['lg', (x) => divide(naturalLogarithm(x), naturalLogarithm(whole(integer(10))))],
  ['log', (x, base) => divide(naturalLogarithm(x), naturalLogarithm(base ?? whole(integer(10))))],
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
  ...['arcsin', 'asin'].map((name) => [name, (x: Quotient) => whole(arcsine(sumOf(x)))] as const),
  ...['arccos', 'acos'].map((name) => [name, (x: Quotient) => whole(arccosine(sumOf(x)))] as const),
  ...['arctan', 'atan'].map((name) => [name, (x: Quotient) => whole(arctangent(sumOf(x)))] as const),
  ['cis', (x) => power(whole(symbol('e')), multiply(whole(symbol('i')), x))],
  ['mod', (a, b) => remainder(a, b)],
  ['doublefactorial', (x) => doubleFactorial(x)],
  ['Re', (x) => part(x, false)],
  ['Im', (x) => part(x, true)],
  ['max', extreme(1)],
  ['min', extreme(-1)],
  ['sgn', (x) => whole(integer(orderOf(x, whole(integer(0)))))],
  ['sinh', (x) => hyperbolic(x, -1)],
  ['cosh', (x) => hyperbolic(x, 1)],
  ['tanh', (x) => divide(hyperbolic(x, -1), hyperbolic(x, 1))],
  ...['f', 'g'].map((name) => [name, opaque(name)] as const),
])
