import { mean, requireEnoughSamples, requireFinite, requireInteger, requireOneOf, sum } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { answerClasses } from './answer-classes.js'
import { binomialWeights } from './binomial-weights.js'
import { firstSeenMajority } from './first-seen-majority.js'
import { MOST_VOTERS, pluralitySum } from './plurality.js'
import { checkedRules } from './vote-rules.js'
import type { VoteRules } from './vote-rules.js'

/** How often one answer was given, and what it is worth. */
export interface AnswerCount {
  readonly count: number
  /** Reward of the answer: 1 or 0, or the mean over the samples that gave it. */
  readonly reward: number
}

/**
 * The unbiased estimate of maj@k, the expected reward of the plurality answer of k samples.
 *
 * It is the mean over all k-subsets of the n observed samples (a U-statistic), by a dynamic programme over the answers
 * instead of enumeration. Answers are compared by their canonical key. Where samples of one answer differ in reward, a
 * win is worth the mean over the winning answer's drawn samples. Under `first`, samples count as seen in the order
 * given; for other rules their order does not matter.
 *
 * @param outcomes all n samples of one task
 * @param k samples that vote
 * @param rules what ties and samples without an answer do
 * @returns in the unit of the rewards; 0 for subsets in which nobody votes
 * @throws PosttrainError `invalid-argument` for k > n or a reward that is not finite
 * @example
 * ```ts
 * const outcomes = [...'AAB'].map((answer) => ({ kind: 'scored' as const, reward: Number(answer === 'A'), answer }))
 * majorityAtK(outcomes, 3) // => 1
 * ```
 */
export function majorityAtK(outcomes: readonly ScoredOutcome[], k: number, rules: VoteRules = {}): number {
  const { ties, unparsed } = checkedRules(rules)
  requireInteger('k', k, { min: 1 })
  requireEnoughSamples(`maj@${k}`, k, outcomes.length)
  const { classes, abstaining } = answerClasses(outcomes, unparsed)
  if (ties === 'first') return firstSeenMajority(classes, abstaining, k)
  const counts = classes.map(({ rewards }) => ({ count: rewards.length, reward: mean(rewards) }))
  return expectedPlurality(counts, abstaining, k, ties)
}

/** Rules of a vote among counted answers. */
export interface CountedVoteRules {
  /** Default `share`. Counts do not say which answer was seen first. */
  readonly ties?: 'share' | 'strict' | undefined
  /** Samples that were drawn and have no vote (default 0). */
  readonly abstaining?: number | undefined
}

/**
 * maj@k from a table of answer counts, as `majorityAtK`.
 *
 * @param counts one entry per answer
 * @param k samples that vote
 * @param rules what ties do, and how many samples have no vote
 * @returns in the unit of the rewards
 * @throws PosttrainError `invalid-argument` for k > n, k > 10⁷, negative counts, rewards that are not finite, or more
 *   samples among more answers than some seconds suffice for
 * @example
 * ```ts
 * const counts = [{ count: 4, reward: 1 }, { count: 3, reward: 0 }, { count: 1, reward: 0 }]
 * majorityAtKFromCounts(counts, 3) // => 0.5714
 * ```
 */
export function majorityAtKFromCounts(counts: readonly AnswerCount[], k: number, rules: CountedVoteRules = {}): number {
  const { ties = 'share', abstaining = 0 } = rules
  requireOneOf('ties', ties, ['share', 'strict'])
  requireInteger('k', k, { min: 1 })
  requireInteger('abstaining', abstaining, { min: 0 })
  requireInteger('k', k, { max: MOST_VOTERS })
  let n = abstaining
  counts.forEach(({ count, reward }, i) => {
    n += requireInteger(`counts[${i}].count`, count, { min: 0 })
    requireFinite(`counts[${i}].reward`, reward)
  })
  requireEnoughSamples(`maj@${k}`, k, n)
  return expectedPlurality(counts, abstaining, k, ties)
}

/** A value that is a mean of rewards and of 0, without what rounding adds to it. */
export function within(value: number, answers: readonly { readonly reward: number }[]): number {
  let [least, greatest] = [0, 0]
  for (const { reward } of answers) [least, greatest] = [Math.min(least, reward), Math.max(greatest, reward)]
  return Math.min(greatest, Math.max(least, value))
}

function expectedPlurality(
  counts: readonly AnswerCount[],
  abstaining: number,
  k: number,
  ties: 'share' | 'strict',
): number {
  const n = abstaining + sum(counts.map(({ count }) => count))
  const classes = counts.map(({ count, reward }) => ({
    weights: binomialWeights(count, k, n - k, k),
    reward: () => reward,
  }))
  const abstentions = binomialWeights(abstaining, k, n - k, k)
  const value = pluralitySum({ classes, abstentions, total: k }, ties) / binomialWeights(n, k, n - k, k)[k]!
  return within(value, counts)
}
