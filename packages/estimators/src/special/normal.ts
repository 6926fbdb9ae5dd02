/**
 * Standard normal distribution function Φ, to about 1e-15 absolute and 1e-13 relative in the lower tail: the Maclaurin
 * series near 0, Laplace's continued fraction beyond.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  const t = Math.abs(x)
  if (t > 39) return x < 0 ? 0 : 1
  const density = Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI)
  if (t < 3) {
    // Φ(t) − ½ = φ(t)·(t + t³/3 + t⁵/(3·5) + …)
    let term = t
    let sum = t
    for (let i = 3; term > sum * 1e-17; i += 2) sum += term *= (t * t) / i
    return 0.5 + Math.sign(x) * density * sum
  }
  let fraction = t
  for (let i = 120; i >= 1; i--) fraction = t + i / fraction
  const tail = density / fraction
  return x < 0 ? tail : 1 - tail
}

/**
 * Standard normal quantile Φ⁻¹, by Newton's method; −∞ at 0 and ∞ at 1.
 *
 * @param p a probability
 * @example
 * ```ts
 * normalQuantile(0.975) // => 1.959964
 * ```
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  if (p > 0.5) return -normalQuantile(1 - p)
  // Φ(−t) ≤ ½·exp(−t²/2) puts the start left of the root, from where Newton on log Φ, a concave function, is monotone.
  let x = -Math.sqrt(-2 * Math.log(2 * p))
  for (let i = 0; i < 50; i++) {
    const cdf = normalCdf(x)
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
    const step = (Math.log(cdf / p) * cdf) / density
    x -= step
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(x))) break
  }
  return x
}
