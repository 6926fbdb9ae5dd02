import { invalidArgument, mean, requireInteger, sum } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { bestOfNLevels } from './best-of-n-distribution.js'
import { logBestOfNTilt, type RewardLevel } from './best-of-n-tilt.js'

/**
 * KL(best-of-n ‖ policy), exact and with ties, in nats.
 *
 * @param policy what the n samples are drawn from
 * @param rewards (outcomes): what the best is chosen by
 * @param n samples, at least 1
 * @returns in nats
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * bestOfNKl(fromProbabilities([0.5, 0.5]), [1, 1], 4) // => 0
 * ```
 */
export function bestOfNKl(policy: Distribution, rewards: ArrayLike<number>, n: number): number {
  const levels = bestOfNLevels(policy, rewards, n)
  const terms = policy.probabilities.map((p, i) => {
    if (p === 0) return 0
    const tilt = logBestOfNTilt(levels[i]!, n)
    return p * Math.exp(tilt) * tilt
  })
  return Math.max(0, sum(terms))
}

/**
 * The probability that best-of-n beats one sample of the policy, ties counting half. At most n/(n + 1).
 *
 * @param policy what the n samples are drawn from
 * @param rewards (outcomes): what the best is chosen by
 * @param n samples, at least 1
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * bestOfNWinRate(fromProbabilities([0.5, 0.5]), [0, 1], 2) // => 0.625
 * ```
 */
export function bestOfNWinRate(policy: Distribution, rewards: ArrayLike<number>, n: number): number {
  const levels = bestOfNLevels(policy, rewards, n)
  const beaten = ({ below, mass }: RewardLevel): number => below + mass / 2
  return sum(
    policy.probabilities.map((p, i) =>
      p === 0 ? 0 : p * Math.exp(logBestOfNTilt(levels[i]!, n)) * beaten(levels[i]!),
    ),
  )
}

/**
 * log n − (n − 1)/n: what KL(best-of-n ‖ policy) is where no two samples tie, and a bound on it always.
 *
 * For a policy with likely outcomes it is far above (Beirami et al. 2024, https://arxiv.org/abs/2401.01879).
 *
 * @param n samples, at least 1
 * @returns in nats
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
 * An estimate of KL(best-of-n ‖ policy) from the policy's probabilities ε of answers that best-of-n chose: the mean of
 * (1−ε)ⁿ·[log n + (n−1)·log(1−ε) − (n−1)/n] + (1 − (1−ε)ⁿ)·log((1 − (1−ε)ⁿ)/ε).
 *
 * It is the bound for ε → 0 and 0 for ε = 1 (Beirami et al. 2024, https://arxiv.org/abs/2401.01879). It is not
 * unbiased, but lies between the bound and the truth in the cases tabulated in the tests.
 *
 * @param chosenLogprobs (draws of best-of-n): log-prob of each chosen answer under the policy
 * @param n samples that each was chosen from
 * @returns in nats
 * @throws PosttrainError `invalid-argument` for no answers, a log-prob above 0, or an n below 1
 * @example
 * ```ts
 * beiramiKlEstimate([-Infinity], 4) === bestOfNKlBound(4) // => true
 * ```
 */
export function beiramiKlEstimate(chosenLogprobs: ArrayLike<number>, n: number): number {
  requireInteger('n', n, { min: 1 })
  if (chosenLogprobs.length === 0) throw invalidArgument('chosenLogprobs must have at least one entry')
  const terms = Float64Array.from(chosenLogprobs, (logprob, i) => {
    if (!(logprob <= 0)) throw invalidArgument(`chosenLogprobs[${i}] must be a log-prob, but is ${logprob}`)
    return beiramiTerm(logprob, n)
  })
  return mean(terms)
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
