import { invalidArgument, requireInteger } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { bestOfNLevels } from './best-of-n-distribution.js'
import { logBestOfNTilt } from './best-of-n-tilt.js'

/**
 * KL(best-of-n ‖ policy), exact and with ties, in nats.
 *
 * @param policy what the n samples are drawn from
 * @param rewards what the best is chosen by, one per outcome
 * @param n samples
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * bestOfNKl(fromProbabilities([0.5, 0.5]), [1, 1], 4) // => 0
 * ```
 */
export function bestOfNKl(policy: Distribution, rewards: ArrayLike<number>, n: number): number {
  const levels = bestOfNLevels(policy, rewards, n)
  let kl = 0
  policy.probabilities.forEach((p, i) => {
    if (p === 0) return
    const tilt = logBestOfNTilt(levels[i]!, n)
    kl += p * Math.exp(tilt) * tilt
  })
  return Math.max(0, kl)
}

/**
 * The probability that best-of-n beats one sample of the policy, ties counting half. At most n/(n + 1).
 *
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * bestOfNWinRate(fromProbabilities([0.5, 0.5]), [0, 1], 2) // => 0.625
 * ```
 */
export function bestOfNWinRate(policy: Distribution, rewards: ArrayLike<number>, n: number): number {
  const levels = bestOfNLevels(policy, rewards, n)
  let rate = 0
  policy.probabilities.forEach((p, i) => {
    if (p > 0) rate += p * Math.exp(logBestOfNTilt(levels[i]!, n)) * (levels[i]!.below + levels[i]!.mass / 2)
  })
  return rate
}

/**
 * log n − (n − 1)/n: what KL(best-of-n ‖ policy) is when no two samples tie, and a bound on it always (Beirami et al. 2024,
 * https://arxiv.org/abs/2401.01879). For a policy with likely outcomes it is far above.
 *
 * @throws PosttrainError `invalid-argument` for an n below 1
 * @example
 * ```ts
 * bestOfNKlBound(4) // => 0.6362943611198906
 * ```
 */
export function bestOfNKlBound(n: number): number {
  requireInteger('n', n, { min: 1 })
  return Math.log(n) - (n - 1) / n
}

/**
 * The estimate of KL(best-of-n ‖ policy) from the policy's probabilities ε of answers that best-of-n chose (Beirami et al. 2024,
 * https://arxiv.org/abs/2401.01879): the mean of
 * (1−ε)ⁿ·[log n + (n−1)·log(1−ε) − (n−1)/n] + (1 − (1−ε)ⁿ)·log((1 − (1−ε)ⁿ)/ε).
 * It is the bound for ε → 0 and 0 for ε = 1; not unbiased, but between the bound and the truth in the cases tabulated in the tests.
 *
 * @param chosenLogprobs log-prob, under the policy, of each chosen answer; several draws of best-of-n
 * @param n samples each was chosen from
 * @throws PosttrainError `invalid-argument` for no answers, a log-prob above 0, or an n below 1
 * @example
 * ```ts
 * beiramiKlEstimate([-Infinity], 4) === bestOfNKlBound(4) // => true
 * ```
 */
export function beiramiKlEstimate(chosenLogprobs: ArrayLike<number>, n: number): number {
  requireInteger('n', n, { min: 1 })
  if (chosenLogprobs.length === 0) throw invalidArgument('chosenLogprobs must have at least one entry')
  let sum = 0
  for (let i = 0; i < chosenLogprobs.length; i++) {
    const logprob = chosenLogprobs[i]!
    if (!(logprob <= 0)) throw invalidArgument(`chosenLogprobs[${i}] must be a log-prob, but is ${logprob}`)
    sum += beiramiTerm(logprob, n)
  }
  return sum / chosenLogprobs.length
}

function beiramiTerm(logEpsilon: number, n: number): number {
  const epsilon = Math.exp(logEpsilon)
  if (epsilon === 1) return 0
  const logRest = Math.log1p(-epsilon)
  const missed = Math.exp(n * logRest) // (1 − ε)ⁿ
  const hit = -Math.expm1(n * logRest)
  const continuous = missed * (bestOfNKlBound(n) + (n - 1) * logRest)
  return hit === 0 ? continuous : continuous + hit * (Math.log(hit) - logEpsilon)
}
