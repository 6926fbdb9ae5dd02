/** Coefficients of 1/x, 1/x³, 1/x⁵ …: the Bernoulli numbers B₂ₖ/(2k(2k−1)). */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/**
 * What Stirling's formula lacks: log Γ(x+1) − [(x + ½)·log x − x + ½·log 2π], for x > 0, to about 1e-15 absolute.
 *
 * Sums and differences of log-gammas are made of this and of `deviance`, never of the large terms that cancel
 * (Loader 2000, Fast and accurate computation of binomial probabilities).
 */
export function stirlingError(x: number): number {
  let error = 0
  for (; x < 16; x++) error += (x + 0.5) * Math.log1p(1 / x) - 1 // Γ(x+2) = (x+1)·Γ(x+1)
  let power = 1 / x
  for (const coefficient of SERIES) {
    error += coefficient * power
    power /= x * x
  }
  return error
}

/**
 * value·log(value/mean) + mean − value ≥ 0: half the deviance of a Poisson count, without cancellation where the two
 * are close.
 *
 * @param excess mean − value, where it is known more exactly than by subtracting
 */
export function deviance(value: number, mean: number, excess: number = mean - value): number {
  const t = excess / value
  if (t < -0.5 || t > 1) return value * Math.log(value / mean) + excess
  // t − log(1+t) with log(1+t) = 2·artanh(s) and t − 2s = t·s
  const s = t / (2 + t)
  let tail = 0
  let power = s
  for (let i = 3; i < 60 && Math.abs(power) > 1e-18 * Math.abs(s); i += 2) {
    power *= s * s
    tail += power / i
  }
  return value * (t * s - 2 * tail)
}
