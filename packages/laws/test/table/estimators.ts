import {
  bestOfN,
  estimateAfterStopping,
  gPassAtK,
  majorityAtK,
  majorityAtKFromCounts,
  maxAtK,
  meanGPassAtK,
  passAtK,
  passAtKObjective,
  passHatK,
  weightedMajorityAtK,
  winRate,
} from '@posttrain/estimators'
import { requireEnoughSamples } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { answerOutcome, atLeastValue, bestValue, pluralityValue, rewardOutcome, worstValue } from '@posttrain/laws'
import type { Estimator, EstimatorClaims } from '@posttrain/laws'
import { bestByPartValue, meanAtLeastValue, weightedPluralityValue, winRateValue } from '../values.js'
import { ks, rewardsOf, proxied, binary, scoredPart } from './entry.js'
import type { Entry } from './entry.js'

/** An estimator from n and c. */
const counted = (name: string, k: number, of: (n: number, c: number) => number): Estimator => ({
  name,
  k,
  estimate: (outcomes) => {
    requireEnoughSamples(name, 1, outcomes.length) // of no samples there is no estimate, whatever k
    return of(
      outcomes.length,
      rewardsOf(outcomes).reduce((a, b) => a + b, 0),
    )
  },
})

/** A weight that depends on the sample, negative for some. */
const weightOf = ({ reward, answer }: ScoredOutcome): number => (answer === 'a' ? 0 : 1) + Math.sign(reward) / 2

/** Every estimator that is not an objective. A new one joins here and gets the same laws. */
export const everyEstimator: readonly Entry<Estimator, EstimatorClaims>[] = ks.flatMap((k) => [
  {
    title: `passAtK, k = ${k}`,
    subject: counted(`pass@${k}`, k, (n, c) => passAtK(n, c, k)),
    claims: binary(bestValue),
  },
  {
    title: `passHatK, k = ${k}`,
    subject: counted(`pass^${k}`, k, (n, c) => passHatK(n, c, k)),
    claims: binary(worstValue),
  },
  ...[0, 0.25, 0.5, 2 / 3, 1].map((tau) => ({
    title: `gPassAtK, k = ${k}, τ = ${tau}`,
    subject: counted(`G-Pass@${k}`, k, (n, c) => gPassAtK(n, c, k, tau)),
    claims: binary(
      atLeastValue(
        Math.max(
          1,
          [...Array(k + 1).keys()].findIndex((j) => j / k >= tau - 1e-12),
        ),
      ),
    ),
  })),
  {
    title: `meanGPassAtK, k = ${k}`,
    subject: counted(`mG-Pass@${k}`, k, (n, c) => meanGPassAtK(n, c, k)),
    claims: binary(meanAtLeastValue(k)),
  },
  {
    title: `maxAtK, k = ${k}`,
    subject: { name: `max@${k}`, k, estimate: (outcomes) => maxAtK(rewardsOf(outcomes), k) },
    claims: { value: bestValue, outcome: rewardOutcome(), monotone: true },
  },
  {
    title: `bestOfN, n = ${k}`,
    subject: { name: `best-of-${k}`, k, estimate: (outcomes) => bestOfN(proxied(outcomes), k) },
    claims: { value: bestByPartValue, outcome: scoredPart, monotone: true },
  },
  {
    title: `winRate, n = ${k}`,
    subject: {
      name: 'win rate',
      k: k + 1,
      estimate: (outcomes) => winRate(proxied(outcomes), k),
    },
    claims: { value: winRateValue, outcome: scoredPart },
  },
  {
    title: `majorityAtK, k = ${k}`,
    subject: { name: `maj@${k}`, k, estimate: (outcomes) => majorityAtK(outcomes, k) },
    claims: { value: pluralityValue(), outcome: answerOutcome() },
  },
  {
    title: `majorityAtKFromCounts, k = ${k}`,
    subject: {
      name: `maj@${k} from counts`,
      k,
      estimate: (outcomes) => majorityAtKFromCounts(answerCounts(outcomes), k),
    },
    claims: { value: pluralityValue({ unparsed: 'vote' }), outcome: answerOutcome() },
  },
  {
    title: `weightedMajorityAtK, k = ${k}`,
    subject: {
      name: `weighted maj@${k}`,
      k,
      estimate: (outcomes) =>
        weightedMajorityAtK(
          outcomes.map((o) => ({ ...o, weight: weightOf(o) })),
          k,
        ).value,
    },
    claims: { value: weightedPluralityValue(weightOf), outcome: answerOutcome() },
  },
  {
    title: `estimateAfterStopping, k = ${k}`,
    subject: {
      name: `pass@${k} after stopping`,
      k,
      estimate: (outcomes) => {
        const fewest = k === 1 ? 2 : k
        requireEnoughSamples('stopping', fewest, outcomes.length)
        return estimateAfterStopping(passAtKObjective({ k }), outcomes, fewest)
      },
    },
    claims: { ...binary(bestValue), symmetric: false, fewest: k === 1 ? 2 : k },
  },
])

function answerCounts(outcomes: readonly ScoredOutcome[]): { count: number; reward: number }[] {
  const groups = new Map<string | undefined, number[]>()
  for (const { answer, reward } of outcomes) groups.set(answer, [...(groups.get(answer) ?? []), reward])
  return [...groups.values()].map((rewards) => ({
    count: rewards.length,
    reward: rewards.reduce((a, b) => a + b, 0) / rewards.length,
  }))
}
