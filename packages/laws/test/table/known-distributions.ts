import {
  bestOfNFromDistribution,
  majorityAtKFromDistribution,
  passAtKFromProbability,
  winRateFromDistribution,
} from '@posttrain/estimators'
import type { ScoredOutcome } from '@posttrain/core'
import { answerOutcome, bestValue, binaryOutcome, pluralityValue } from '@posttrain/laws'
import type { FinitePolicy, KnownDistribution, KnownDistributionClaims } from '@posttrain/laws'
import { bestByPartValue, winRateValue } from '../values.js'
import { ks, rewardsOf, proxied, scoredPart } from './entry.js'
import type { Entry } from './entry.js'

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
    claims: { k, value: bestByPartValue, outcome: scoredPart },
  },
  {
    title: `winRateFromDistribution, n = ${k}`,
    subject: (policy) => winRateFromDistribution(distributed(policy), rewardsOf(policy.outcomes), k),
    claims: { k: k + 1, value: winRateValue, outcome: scoredPart },
  },
])
