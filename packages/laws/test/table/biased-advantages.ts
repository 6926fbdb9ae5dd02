import {
  centredAdvantages,
  groupMeanAdvantages,
  grpoAdvantages,
  maxAtKObjective,
  passAtKTrainingAdvantages,
  standardisedAdvantages,
  verlPassAtK,
} from '@posttrain/estimators'
import type { BiasedAdvantages } from '@posttrain/estimators'
import { bestValue, binaryOutcome, meanValue, rewardOutcome } from '@posttrain/laws'
import type { AdvantageClaims } from '@posttrain/laws'
import { ks } from './entry.js'
import type { Entry } from './entry.js'

/** Every advantage that is not an objective's, with its target. */
export const everyBiasedAdvantage: readonly Entry<BiasedAdvantages, AdvantageClaims>[] = [
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
      title: `verlPassAtK, k = ${k}${normalise ? '' : ', without std'}`,
      subject: verlPassAtK({ k, normalise }),
      claims: { value: bestValue, k, outcome: rewardOutcome() },
    })),
  ),
]
