import { callCallerNow, shown, type Objective, type ScoredOutcome, type Task } from '@posttrain/core'
import { leaveTwoOut, type BiasedAdvantages } from '@posttrain/estimators'
import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * The advantages of an objective, which are unbiased, or of an estimator of `@posttrain/estimators` that is not.
 *
 * An objective's advantages add up over a group of n, because that sum is its theorem. Here and in everything after it
 * an advantage is per sample, as in TRL and verl: n times as large, with the 1/n in the weight of the sample. Where
 * unscored samples are left out an objective's are `leaveTwoOut`, which needs one sample more than k.
 *
 * @example
 * ```ts
 * import { meanObjective } from '@posttrain/estimators'
 *
 * advantagesOf(meanObjective()).bias(4) // => { kind: 'exact' }
 * ```
 */
export function advantagesOf(source: Objective | BiasedAdvantages): AdvantageEstimator {
  if (!('bias' in source)) return { ...ofObjective(source), amongScored: ofObjective(leaveTwoOut(source)) }
  const { name, target, minimumSamples } = source
  return {
    name,
    target,
    minimumSamples,
    needs: [],
    bias: (n) => source.bias(n),
    advantages: (groups) => groups.map((group) => ({ advantages: ofGroup(source, group) })),
  }
}

const ofObjective = (objective: Objective): AdvantageEstimator => ({
  name: objective.name,
  target: objective.name,
  minimumSamples: objective.minimumSamples,
  needs: [],
  bias: () => ({ kind: 'exact' }),
  advantages: (groups) =>
    groups.map((group) => {
      const given = ofGroup(objective, group)
      // What is no list of numbers passes as it is: the loop refuses it by name.
      const scaled = (value: number): number => (typeof value === 'number' ? group.outcomes.length * value : value)
      return { advantages: Array.isArray(given) ? given.map(scaled) : given }
    }),
})

const ofGroup = (
  source: Objective | BiasedAdvantages,
  { task, outcomes }: { readonly task: Task; readonly outcomes: readonly ScoredOutcome[] },
): readonly number[] =>
  callCallerNow(`the advantages of ${source.name}`, `on task ${shown(task.id)}`, () => source.advantages(outcomes))
