import { callCallerNow, mean, requireFinite, shown, type Estimate, type Group } from '@posttrain/core'
import { differenceFromValue, holmPValues } from '@posttrain/estimators'
import { formFeatures, type SampleFeature } from './form-features.js'
import { scoredBy, type ScoredSamples } from './scored-by.js'

/** How a score goes with a feature among samples of one task. */
export interface FeatureAssociation {
  readonly feature: string
  /**
   * Somers' D, from −1 to 1, over the tasks whose samples differ in score. Absent where there are fewer than two of
   * them.
   */
  readonly estimate: Estimate | undefined
  /** Of D = 0, adjusted by Holm's method for all features looked at; 1 where there is no estimate. */
  readonly pValue: number
  /** Groups that say nothing, because all their samples have one score. */
  readonly uninformative: number
}

/** What is looked at. */
export interface FeatureAssociationOptions {
  /** `reward` (default), or a part of that name: for instance the error of a proxy, where a part holds it. */
  readonly score?: string | undefined
  /** By name (default `formFeatures`). */
  readonly features?: Readonly<Record<string, SampleFeature>> | undefined
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/**
 * Whether a reward goes with what an answer looks like.
 *
 * Of two samples of one task with unlike scores, let P be the probability that the better one has more of the feature,
 * ties counting half. Then D = 2P − 1, averaged over tasks. Pairs are of one task, so that hard tasks, which have long
 * answers and few right ones, cannot fake it. For scores of two values each task's D is unbiased, whatever its number
 * of samples; for more values it weighs pairs of scores as often as they were drawn. The interval and the p-value are
 * those of P over tasks.
 *
 * It is an association: where longer answers are better, a right reward has it too. Ask of the error instead, a part
 * that holds reward − gold, where there is gold.
 *
 * Somers 1962, https://doi.org/10.2307/2090408; length and reward: Singhal et al. 2023,
 * https://arxiv.org/abs/2310.03716
 *
 * @returns in the order of the features
 * @throws PosttrainError `invalid-data` for a part that is missing or a feature that throws, `invalid-argument` for a
 *   feature that is not finite
 * @example
 * ```ts
 * const sampleOf = (text: string, index: number) =>
 *   ({ id: 'a', taskId: 'a', seed: 0, index, text, finish: 'stop', usage: NO_USAGE }) as const
 * const groups = ['a', 'b'].map((id) => ({
 *   task: { id, prompt: '' },
 *   samples: [sampleOf('4', 0), sampleOf('four', 1)],
 *   outcomes: [0, 1].map((reward) => ({ kind: 'scored', reward }) as const),
 * }))
 * featureAssociations(groups)[0].estimate.value // => 1
 * ```
 */
export function featureAssociations(
  groups: Iterable<Group>,
  { score = 'reward', features = formFeatures, level = 0.95 }: FeatureAssociationOptions = {},
): readonly FeatureAssociation[] {
  const read = Array.from(groups, (group) => scoredBy(group, [score]))
  const informative = read.filter(({ scores }) => new Set(scores[0]).size > 1)
  const found = Object.entries(features).map(([feature, valueOf]) => {
    const values = informative.map((group) => superiority(group, feature, valueOf))
    return new Set(informative.map(({ task }) => task.id)).size < 2
      ? { feature, estimate: undefined, pValue: 1 }
      : { feature, ...estimateOf(`D(${score}, ${feature})`, values, read, informative, level) }
  })
  const adjusted = holmPValues(found.map(({ pValue }) => pValue))
  const uninformative = read.length - informative.length
  return found.map((one, i) => ({ ...one, pValue: adjusted[i]!, uninformative }))
}

/** P of one group. */
function superiority({ task, samples, scores }: ScoredSamples, feature: string, valueOf: SampleFeature): number {
  const values = samples.map((sample) => {
    const name = `the feature ${shown(feature)}`
    const value = callCallerNow(name, `on task ${shown(task.id)}`, () => valueOf(sample))
    return requireFinite(`${name} of sample ${sample.index} of task ${shown(task.id)}`, value)
  })
  const [score] = scores
  let [pairs, wins] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < values.length; j++) {
      if (!(score![i]! > score![j]!)) continue
      pairs++
      wins += values[i]! > values[j]! ? 1 : values[i] === values[j] ? 0.5 : 0
    }
  }
  return wins / pairs
}

function estimateOf(
  name: string,
  values: readonly number[],
  read: readonly ScoredSamples[],
  informative: readonly ScoredSamples[],
  level: number,
): { readonly estimate: Estimate; readonly pValue: number } {
  const clusters = informative.map(({ task }) => task.id)
  const isPerTask = new Set(clusters).size === clusters.length
  const { interval, pValue } = differenceFromValue(values, 0.5, { level, ...(!isPerTask && { clusters }) })
  const sizes = informative.map(({ samples }) => samples.length)
  return {
    pValue,
    estimate: {
      name,
      value: 2 * mean(values) - 1,
      interval: { ...interval, lower: 2 * interval.lower, upper: 2 * interval.upper },
      tasks: new Set(clusters).size,
      samplesPerTask: { min: Math.min(...sizes), max: Math.max(...sizes) },
      unscored: read.reduce((total, { unscored }) => total + unscored, 0),
      unscoredPolicy: 'exclude',
    },
  }
}
