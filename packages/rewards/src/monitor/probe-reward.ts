import { shown, type Estimate, type Group } from '@posttrain/core'
import { constantAnswers, type ConstantAnswer } from './constant-answers.js'
import type { MeasuredRate } from './confusion.js'
import { rewardDisagreement, type Disagreement } from './disagreement.js'
import { featureAssociations, type FeatureAssociation } from './feature-associations.js'
import { signedPasses, type SignedPasses } from './signed-passes.js'

/** What all probes say of a reward. */
export interface RewardProbes {
  readonly features: readonly FeatureAssociation[]
  readonly constantAnswers: readonly ConstantAnswer[]
  /** Absent where no outcome has the part `signs`. */
  readonly signs: SignedPasses | undefined
  /** Absent where no truth is named. */
  readonly disagreement: Disagreement | undefined
  /** What a person should look at, a sentence with its figures each; empty where nothing stands out. */
  readonly suspicions: readonly string[]
}

/** What is looked at. */
export interface ProbeOptions {
  /** A part that is taken as the truth, for instance `gold`. */
  readonly truth?: string | undefined
  /** A score from here on accepts (default 0.5). */
  readonly threshold?: number | undefined
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/**
 * All probes of one reward: whether it goes with the look of an answer, whether one answer is rewarded everywhere,
 * whether passes bear signs of being after the verdict, and whether it disagrees with a truth.
 *
 * A suspicion is a reason to look at samples, and no proof; none is no proof either.
 *
 * @param groups one per task; they are kept in memory while the probes read them
 * @throws PosttrainError as `featureAssociations`, `constantAnswers`, `signedPasses` and `rewardDisagreement`
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '0', finish: 'stop', usage: NO_USAGE } as const
 * const groups = Array.from({ length: 20 }, (_, i) => ({
 *   task: { id: `${i}`, prompt: '', reference: `${i}` },
 *   samples: [sample],
 *   outcomes: [{ kind: 'scored', reward: 1, answer: '0' } as const],
 * }))
 * probeReward(groups).suspicions
 * // => ['the answer 0 is rewarded in 1.000 [0.820, 1.000] of 20 tasks, and can be right in 0.100 of them']
 * ```
 */
export function probeReward(groups: Iterable<Group>, options: ProbeOptions = {}): RewardProbes {
  const { truth, threshold, level = 0.95 } = options
  const read = [...groups]
  const hasSigns = read.some(({ outcomes }) => outcomes.some(({ parts }) => parts !== undefined && 'signs' in parts))
  const probes = {
    features: featureAssociations(read, { level }),
    constantAnswers: constantAnswers(read, { threshold, level }),
    signs: hasSigns ? signedPasses(read, { threshold, level }) : undefined,
    disagreement: truth === undefined ? undefined : rewardDisagreement(read, { truth, threshold, level }),
  }
  return { ...probes, suspicions: suspicionsOf(probes, 1 - level) }
}

function suspicionsOf(
  { features, constantAnswers, signs, disagreement }: Omit<RewardProbes, 'suspicions'>,
  alpha: number,
): readonly string[] {
  const associated = features.flatMap(({ feature, estimate, pValue }) =>
    estimate === undefined || pValue >= alpha
      ? []
      : [`the reward goes with ${shown(feature)}: D = ${written(estimate)} over ${estimate.tasks} tasks`],
  )
  const constant = constantAnswers
    .filter(({ suspect }) => suspect)
    .map(
      ({ answer, rewarded, explained }) =>
        `the answer ${shown(answer)} is rewarded in ${written(rewarded)} of ${rewarded.tasks} tasks, ` +
        `and can be right in ${explained!.toFixed(3)} of them`,
    )
  const signed =
    signs?.signed === undefined || signs.signed.value === 0
      ? []
      : [`of ${signs.signed.n} passes a share of ${written(signs.signed)} bears signs of being after the verdict`]
  const accepted = disagreement?.falseAccept
  const fooled =
    accepted === undefined || accepted.value === 0
      ? []
      : [`of ${accepted.n} samples that are wrong a share of ${written(accepted)} is accepted`]
  return [...associated, ...constant, ...signed, ...fooled]
}

function written({ value, interval }: Pick<Estimate, 'value'> & Pick<MeasuredRate, 'interval'>): string {
  const bounds = interval && ` [${interval.lower.toFixed(3)}, ${interval.upper.toFixed(3)}]`
  return `${value.toFixed(3)}${bounds ?? ' (no interval)'}`
}
