import { requireFinite, requireInteger, requireOneOf, sum } from '@posttrain/core'
import { within } from '../majority-at-k.js'
import { MOST_VOTERS, pluralitySum } from '../plurality.js'
import { poissonProbability } from '../special/poisson.js'
import { requireProbabilities } from './probabilities.js'

/** One answer of a known distribution. */
export interface AnswerProbability {
  readonly probability: number
  /** What the answer is worth. */
  readonly reward: number
}

/**
 * The probabilities of 0 … k events at a rate: independent Poisson counts, given that they add up to k, are
 * multinomial, so these replace multinomial coefficients and never overflow.
 */
function poissonWeights(rate: number, k: number): Float64Array {
  const weights = new Float64Array(k + 1)
  if (rate === 0) {
    weights[0] = 1
    return weights
  }
  // Normalised over a range that holds all the mass, not over 0 … k alone.
  const end = Math.ceil(Math.max(k, rate + 40 * Math.sqrt(rate) + 40))
  const all = new Float64Array(end + 1)
  const mode = Math.floor(rate)
  all[mode] = 1
  for (let j = mode; j < end; j++) all[j + 1] = (all[j]! * rate) / (j + 1)
  for (let j = mode; j > 0; j--) all[j - 1] = (all[j]! * j) / rate
  const total = sum(all)
  for (let j = 0; j <= k; j++) weights[j] = all[j]! / total
  return weights
}

/** Rules of a vote among answers of known probability. */
export interface KnownVoteRules {
  /** Default `share`, which stands for `first` too: independent samples come in no order. */
  readonly ties?: 'share' | 'strict' | undefined
  /** Probability of a sample without a vote (default 0). */
  readonly abstaining?: number | undefined
}

/**
 * maj@k of a sampler whose answer distribution is known: the expected reward of the plurality of k independent answers.
 *
 * It is exact, by the sums of `majorityAtK` with multinomial weights: O(k) for two answers, O(n·k²) and less for n.
 *
 * @param answers their probabilities, with `abstaining`, add up to 1
 * @param k samples that vote
 * @param rules what ties do, and how often a sample has no vote
 * @returns in the unit of the rewards
 * @throws PosttrainError `invalid-argument` for probabilities that do not add up to 1, k > 10⁷, or more steps than some
 *   seconds take
 * @example
 * ```ts
 * majorityAtKFromDistribution([{ probability: 0.6, reward: 1 }, { probability: 0.4, reward: 0 }], 3) // => 0.648
 * ```
 */
export function majorityAtKFromDistribution(
  answers: readonly AnswerProbability[],
  k: number,
  rules: KnownVoteRules = {},
): number {
  const { ties = 'share', abstaining = 0 } = rules
  requireOneOf('ties', ties, ['share', 'strict'])
  requireInteger('k', k, { min: 1, max: MOST_VOTERS })
  requireProbabilities('probabilities', [...answers.map(({ probability }) => probability), abstaining])
  const classes = answers.map(({ probability, reward }, i) => {
    requireFinite(`answers[${i}].reward`, reward)
    return { weights: poissonWeights(k * probability, k), reward: () => reward }
  })
  const abstentions = poissonWeights(k * abstaining, k)
  return within(pluralitySum({ classes, abstentions, total: k }, ties) / poissonProbability(k, k), answers)
}
