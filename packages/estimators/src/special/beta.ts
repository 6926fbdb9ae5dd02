import { integral } from './gauss-legendre.js'
import { deviance, stirlingError } from './stirling.js'

/** Beyond this the continued fraction takes ever more steps, and the density is nearly normal. */
const LARGE = 3_000

/** x·y·density of Beta(a, b): xᵃyᵇ/B(a, b), y = 1 − x, by Loader's binomial probability, in which nothing cancels. */
function scaledDensity(x: number, y: number, a: number, b: number): number {
  const n = a + b
  const excess = b * x - a * y // nx − a
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x, excess) - deviance(b, n * y, -excess)
  return Math.sqrt(a / n) * Math.sqrt(b / (2 * Math.PI)) * Math.exp(exponent)
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let fraction = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return fraction
}

/** ∫ density(x − s)/density(x) ds over s ≥ 0, for large a and b and x on the near side of the mean. */
function tailRatio(x: number, y: number, a: number, b: number): number {
  // log of the ratio: −slope·s − (a−1)·h(−s/x) − (b−1)·h(s/y), h(t) = t − log(1+t), about −slope·s − s²/(2σ²)
  const slope = ((a - 1) * y - (b - 1) * x) / (x * y)
  const precision = (a - 1) / x ** 2 + (b - 1) / y ** 2
  const ratio = (s: number): number =>
    Math.exp(-slope * s - (a - 1) * deviance(1, 1 - s / x, -s / x) - (b - 1) * deviance(1, 1 + s / y, s / y))
  const end = 84 / (slope + Math.sqrt(slope ** 2 + 84 * precision)) // beyond it the ratio is below e⁻⁴²
  return integral(ratio, 0, Math.min(x, end), 64)
}

/** Σ (a+b)ₙ/(a+1)ₙ·xⁿ: terms of one sign that fall soon for x up to ½, on either side of the mean. */
function betaSeries(x: number, a: number, b: number): number {
  let term = 1
  let sum = 1
  for (let n = 0; term > 1e-17 * sum; n++) sum += term *= ((a + b + n) * x) / (a + 1 + n)
  return sum
}

/** Iₓ(a, b) for large a and b, on the near side of the mean; y = 1 − x. */
const lowerTail = (x: number, y: number, a: number, b: number): number =>
  (scaledDensity(x, y, a, b) * tailRatio(x, y, a, b)) / (x * y)

/** Iₓ(a, b) for x up to ½, of which y = 1 − x. */
function lowerHalf(x: number, y: number, a: number, b: number): number {
  const density = scaledDensity(x, y, a, b)
  if (density === 0) return x < a / (a + b) ? 0 : 1
  return (density * betaSeries(x, a, b)) / a
}

/**
 * The regularised incomplete beta function Iₓ(a, b), the distribution function of Beta(a, b), to about 1e-13 of its
 * value and what the rounding of x itself makes of it.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const y = 1 - x
  if (Math.min(a, b) > LARGE) return x < a / (a + b) ? lowerTail(x, y, a, b) : 1 - lowerTail(y, x, b, a)
  if (x <= 0.5) return lowerHalf(x, y, a, b)
  const lower = 1 - lowerHalf(y, x, b, a)
  // What is small beside 1 has no digits left.
  return lower > 0.1 ? lower : (scaledDensity(x, y, a, b) * betaFraction(x, a, b)) / a
}

/**
 * The quantile of Beta(a, b), by bisection, to a relative error below 1e-12 for a + b up to 10¹⁵.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (;;) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) return middle
    if (betaCdf(middle, a, b) < p) low = middle
    else high = middle
  }
}

/** The quantile of Student's t for p ≥ ½: t² = df·(1 − x)/x where x has upper tail 2(1−p) under Beta(df/2, ½). */
export function studentQuantile(p: number, df: number): number {
  const x = betaQuantile(2 * (1 - p), df / 2, 0.5)
  return Math.sqrt((df * (1 - x)) / x)
}
