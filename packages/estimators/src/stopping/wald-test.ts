import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'

/** Two hypotheses about a rate, and how often a test may decide for the wrong one. */
export interface WaldTestRule {
  /** The rate under the null hypothesis, on (0, 1). */
  readonly low: number
  /** The rate under the alternative, on (`low`, 1). */
  readonly high: number
  /** Probability of deciding for `high` where `low` is true, on (0, ½) (default 0.05). */
  readonly alpha?: number | undefined
  /** Probability of deciding for `low` where `high` is true, on (0, ½) (default 0.05). */
  readonly beta?: number | undefined
}

/**
 * Wald's sequential probability-ratio test of a rate, after so many passes and fails (Wald 1945,
 * https://doi.org/10.1214/aoms/1177731118).
 *
 * With Λ = passes·log(high/low) + fails·log((1−high)/(1−low)) it decides for `high` once Λ ≥ log((1−β)/α) and for `low`
 * once Λ ≤ log(β/(1−α)). Looked at after every trial, the error rates add up to at most α + β, and each is at most
 * α/(1−β) or β/(1−α).
 *
 * @param passes counted so far
 * @param fails counted so far
 * @returns the rate that is decided for; undefined while the test goes on
 * @throws PosttrainError `invalid-argument` for rates or error rates out of their ranges, or what is no count
 * @example
 * ```ts
 * waldTest(8, 0, { low: 0.4, high: 0.6 }) // => 'high'
 * waldTest(7, 0, { low: 0.4, high: 0.6 }) // => undefined
 * ```
 */
export function waldTest(passes: number, fails: number, rule: WaldTestRule): 'high' | 'low' | undefined {
  const { low, high, alpha = 0.05, beta = 0.05 } = rule
  requireInteger('passes', passes, { min: 0 })
  requireInteger('fails', fails, { min: 0 })
  requireFinite('low', low, { above: 0, below: 1 })
  requireFinite('high', high, { above: 0, below: 1 })
  if (high <= low) throw invalidArgument(`high is ${high}, which is not above low, ${low}`)
  requireFinite('alpha', alpha, { above: 0, below: 0.5 })
  requireFinite('beta', beta, { above: 0, below: 0.5 })
  const ratio = passes * Math.log(high / low) + fails * Math.log((1 - high) / (1 - low))
  if (ratio >= Math.log((1 - beta) / alpha)) return 'high'
  return ratio <= Math.log(beta / (1 - alpha)) ? 'low' : undefined
}
