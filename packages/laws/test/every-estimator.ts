import {
  bestOfN,
  bestOfNFromDistribution,
  bestOfNObjective,
  centredAdvantages,
  estimateAfterStopping,
  gPassAtK,
  groupMeanAdvantages,
  grpoAdvantages,
  majorityAtK,
  majorityAtKFromCounts,
  majorityAtKFromDistribution,
  majorityObjective,
  maxAtK,
  maxAtKObjective,
  meanGPassAtK,
  meanObjective,
  passAtK,
  passAtKFromProbability,
  passAtKObjective,
  passAtKTrainingAdvantages,
  passHatK,
  standardisedAdvantages,
  verlGrpoPassAtKAdvantages,
  weightedMajorityAtK,
  winRate,
  winRateFromDistribution,
} from '@posttrain/estimators'
import type { AdvantageEstimator, Baseline } from '@posttrain/estimators'
import { requireEnoughSamples } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import {
  answerOutcome,
  atLeastValue,
  bestValue,
  binaryOutcome,
  meanValue,
  pluralityValue,
  proxiedOutcome,
  rewardOutcome,
  worstValue,
} from '@posttrain/laws'
import type {
  AdvantageClaims,
  Estimator,
  EstimatorClaims,
  FinitePolicy,
  GroupValue,
  KnownDistribution,
  KnownDistributionClaims,
  ObjectiveClaims,
} from '@posttrain/laws'
import { bestByProxyValue, meanAtLeastValue, weightedPluralityValue, winRateValue } from './values.js'

/** Something with a title and what it claims to be. */
export interface Entry<Subject, Claims> {
  readonly title: string
  readonly subject: Subject
  readonly claims: Claims
}

const ks = [1, 2, 3, 4]
const rewardsOf = (outcomes: readonly ScoredOutcome[]): number[] => outcomes.map(({ reward }) => reward)
const proxied = (outcomes: readonly ScoredOutcome[]): { proxy: number[]; gold: number[] } => ({
  proxy: outcomes.map((outcome) => (outcome as ScoredOutcome & { proxy: number }).proxy),
  gold: rewardsOf(outcomes),
})

/** An estimator from n and c. */
const counted = (name: string, k: number, of: (n: number, c: number) => number): Estimator => ({
  name,
  k,
  minimumSamples: k,
  estimate: (outcomes) => {
    requireEnoughSamples(name, 1, outcomes.length) // of no samples there is no estimate, whatever k
    return of(
      outcomes.length,
      rewardsOf(outcomes).reduce((a, b) => a + b, 0),
    )
  },
})

const binary = (value: GroupValue): EstimatorClaims => ({ value, outcome: binaryOutcome(), monotone: true })

/** A weight that depends on the sample, negative for some. */
const weightOf = ({ reward, answer }: ScoredOutcome): number => (answer === 'a' ? 1 : 2) + Math.sign(reward) / 2

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
    subject: { name: `max@${k}`, k, minimumSamples: k, estimate: (outcomes) => maxAtK(rewardsOf(outcomes), k) },
    claims: { value: bestValue, outcome: rewardOutcome(), monotone: true },
  },
  {
    title: `bestOfN, n = ${k}`,
    subject: { name: `best-of-${k}`, k, minimumSamples: k, estimate: (outcomes) => bestOfN(proxied(outcomes), k) },
    claims: { value: bestByProxyValue, outcome: proxiedOutcome(), monotone: true },
  },
  {
    title: `winRate, n = ${k}`,
    subject: {
      name: 'win rate',
      k: k + 1,
      minimumSamples: k + 1,
      estimate: (outcomes) => winRate(proxied(outcomes), k),
    },
    claims: { value: winRateValue, outcome: proxiedOutcome() },
  },
  {
    title: `majorityAtK, k = ${k}`,
    subject: { name: `maj@${k}`, k, minimumSamples: k, estimate: (outcomes) => majorityAtK(outcomes, k) },
    claims: { value: pluralityValue(), outcome: answerOutcome() },
  },
  {
    title: `majorityAtKFromCounts, k = ${k}`,
    subject: {
      name: `maj@${k} from counts`,
      k,
      minimumSamples: k,
      estimate: (outcomes) => majorityAtKFromCounts(answerCounts(outcomes), k),
    },
    claims: { value: pluralityValue({ unparsed: 'vote' }), outcome: answerOutcome() },
  },
  {
    title: `weightedMajorityAtK, k = ${k}`,
    subject: {
      name: `weighted maj@${k}`,
      k,
      minimumSamples: k,
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
      minimumSamples: k === 1 ? 2 : k,
      estimate: (outcomes) => {
        const fewest = k === 1 ? 2 : k
        requireEnoughSamples('stopping', fewest, outcomes.length)
        return estimateAfterStopping(passAtKObjective({ k }), outcomes, fewest)
      },
    },
    claims: { ...binary(bestValue), symmetric: false },
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

const baselines: readonly Baseline[] = ['none', 'leave-one-out', 'leave-one-out-minus-one', 'leave-two-out']

/** The credit itself and the published leave-one-out do not vanish on equal rewards; the others do. */
const vanishing = (baseline: Baseline, k: number): boolean =>
  baseline === 'none' ? false : k === 1 || baseline !== 'leave-one-out'

/** Every objective of the repository. A new one joins here and gets the same laws. */
export const everyObjective: readonly Entry<Objective, ObjectiveClaims>[] = [
  {
    title: 'meanObjective',
    subject: meanObjective(),
    claims: { value: meanValue, outcome: rewardOutcome(), monotone: true },
  },
  ...ks.flatMap((k) =>
    baselines.flatMap((baseline) => [
      {
        title: `passAtKObjective, k = ${k}, ${baseline}`,
        subject: passAtKObjective({ k, baseline }),
        claims: { ...binary(bestValue), vanishes: vanishing(baseline, k) },
      },
      {
        title: `maxAtKObjective, k = ${k}, ${baseline}`,
        subject: maxAtKObjective({ k, baseline }),
        claims: { value: bestValue, outcome: rewardOutcome(), monotone: true, vanishes: vanishing(baseline, k) },
      },
    ]),
  ),
  ...ks.flatMap((k) =>
    (['share', 'strict', 'first'] as const).flatMap((ties) =>
      (['abstain', 'vote', 'wrong'] as const).map((unparsed) => ({
        title: `majorityObjective, k = ${k}, ties ${ties}, unparsed ${unparsed}`,
        subject: majorityObjective({ k, ties, unparsed }),
        claims: { value: pluralityValue({ ties, unparsed }), outcome: answerOutcome(), symmetric: ties !== 'first' },
      })),
    ),
  ),
  ...ks.map((n) => ({
    title: `bestOfNObjective, n = ${n}`,
    subject: bestOfNObjective({ n }),
    claims: { value: bestByProxyValue, outcome: proxiedOutcome(), monotone: true },
  })),
]

/** Every advantage that is not an objective's, with its target. */
export const everyBiasedAdvantage: readonly Entry<AdvantageEstimator, AdvantageClaims>[] = [
  {
    title: 'groupMeanAdvantages',
    subject: groupMeanAdvantages(),
    claims: { value: meanValue, k: 1, outcome: rewardOutcome() },
  },
  { title: 'grpoAdvantages', subject: grpoAdvantages(), claims: { value: meanValue, k: 1, outcome: rewardOutcome() } },
  ...ks.flatMap((k) => [
    ...[true, false].map((normalise) => ({
      title: `passAtKTrainingAdvantages, k = ${k}${normalise ? '' : ', without σ'}`,
      subject: passAtKTrainingAdvantages({ k, normalise }),
      claims: { value: bestValue, k, outcome: binaryOutcome() },
    })),
    {
      title: `centredAdvantages of max@${k}`,
      subject: centredAdvantages(maxAtKObjective({ k })),
      claims: { value: bestValue, k, outcome: rewardOutcome() },
    },
    {
      title: `standardisedAdvantages of max@${k}`,
      subject: standardisedAdvantages(maxAtKObjective({ k })),
      claims: { value: bestValue, k, outcome: rewardOutcome() },
    },
  ]),
  ...[2, 3, 4].flatMap((k) =>
    [true, false].map((normalise) => ({
      title: `verlGrpoPassAtKAdvantages, k = ${k}${normalise ? '' : ', without std'}`,
      subject: verlGrpoPassAtKAdvantages({ k, normalise }),
      claims: { value: bestValue, k, outcome: rewardOutcome() },
    })),
  ),
]

const masses = ({ outcomes, probabilities }: FinitePolicy, of: (outcome: ScoredOutcome) => boolean): number =>
  Math.min(
    1,
    outcomes.reduce((sum, outcome, i) => sum + (of(outcome) ? probabilities[i]! : 0), 0),
  )
const distributed = ({ outcomes, probabilities }: FinitePolicy) => ({ probabilities, proxy: proxied(outcomes).proxy })

/** The answers of a policy whose outcomes of one answer agree in reward. */
const answerProbabilities = (policy: FinitePolicy) =>
  [...new Set(policy.outcomes.flatMap(({ answer }) => (answer === undefined ? [] : [answer])))].map((answer) => ({
    probability: masses(policy, (outcome) => outcome.answer === answer),
    reward: rewardOfAnswer(answer),
  }))
const rewardOfAnswer = (answer: string | undefined): number => ({ a: 1, b: -0.5, c: 0.25 })[answer ?? ''] ?? 0
const consistent = answerOutcome().map((outcome) => ({ ...outcome, reward: rewardOfAnswer(outcome.answer) }))

/** Every function of a known distribution. */
export const everyKnownDistribution: readonly Entry<KnownDistribution, KnownDistributionClaims>[] = ks.flatMap((k) => [
  {
    title: `passAtKFromProbability, k = ${k}`,
    subject: (policy) =>
      passAtKFromProbability(
        masses(policy, ({ reward }) => reward === 1),
        k,
      ),
    claims: { k, value: bestValue, outcome: binaryOutcome() },
  },
  ...(['share', 'strict'] as const).map((ties) => ({
    title: `majorityAtKFromDistribution, k = ${k}, ${ties}`,
    subject: (policy: FinitePolicy) => {
      const abstaining = masses(policy, ({ answer }) => answer === undefined)
      return majorityAtKFromDistribution(answerProbabilities(policy), k, { ties, abstaining })
    },
    claims: { k, value: pluralityValue({ ties }), outcome: consistent },
  })),
  {
    title: `bestOfNFromDistribution, n = ${k}`,
    subject: (policy) => bestOfNFromDistribution(distributed(policy), rewardsOf(policy.outcomes), k),
    claims: { k, value: bestByProxyValue, outcome: proxiedOutcome() },
  },
  {
    title: `winRateFromDistribution, n = ${k}`,
    subject: (policy) => winRateFromDistribution(distributed(policy), rewardsOf(policy.outcomes), k),
    claims: { k: k + 1, value: winRateValue, outcome: proxiedOutcome() },
  },
])
