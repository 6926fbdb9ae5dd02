import { majorityObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import type { Baseline } from '@posttrain/estimators'
import type { Objective } from '@posttrain/core'
import { answerOutcome, bestValue, binaryOutcome, meanValue, pluralityValue, rewardOutcome } from '@posttrain/laws'
import type { ObjectiveClaims } from '@posttrain/laws'

/** An objective, and what it claims to be. */
export interface Entry {
  readonly title: string
  readonly objective: Objective
  readonly claims: ObjectiveClaims
}

const baselines: readonly Baseline[] = ['none', 'leave-one-out', 'leave-one-out-minus-one', 'leave-two-out']
const vanishing = (baseline: Baseline, k: number): boolean =>
  k === 1 ? baseline !== 'none' : baseline === 'leave-one-out-minus-one' || baseline === 'leave-two-out'

const maxima = [1, 2, 3, 4].flatMap((k) =>
  baselines.flatMap((baseline): Entry[] => [
    {
      title: `pass@${k}, ${baseline}`,
      objective: passAtKObjective({ k, baseline }),
      claims: { value: bestValue, outcome: binaryOutcome(), monotone: true, vanishes: vanishing(baseline, k) },
    },
    {
      title: `max@${k}, ${baseline}`,
      objective: maxAtKObjective({ k, baseline }),
      claims: { value: bestValue, outcome: rewardOutcome(), monotone: true, vanishes: vanishing(baseline, k) },
    },
  ]),
)

const votes = [1, 2, 3, 4].flatMap((k) =>
  (['share', 'strict', 'first'] as const).flatMap((ties) =>
    (['abstain', 'vote', 'wrong'] as const).map(
      (unparsed): Entry => ({
        title: `maj@${k}, ties ${ties}, unparsed ${unparsed}`,
        objective: majorityObjective({ k, ties, unparsed }),
        claims: {
          value: pluralityValue({ ties, unparsed }),
          outcome: answerOutcome(),
          symmetric: ties !== 'first',
          // Two unparsed samples are two wrong answers, so a strict vote between them is not a vote of one accord.
        },
      }),
    ),
  ),
)

/** Every objective of the repository. A new one joins here and gets the same laws. */
export const everyObjective: readonly Entry[] = [
  {
    title: 'mean',
    objective: meanObjective(),
    claims: { value: meanValue, outcome: rewardOutcome(), monotone: true },
  },
  ...maxima,
  ...votes,
]
