import { requireOneOf, type Outcome, type RewardFunction, type Sample, type Scorer } from '@posttrain/core'
import { aggregateSteps, type StepAggregation } from '@posttrain/sampling'
import { links, modelValues, type ValueLink } from './model-values.js'
import { stepEnds } from './step-ends.js'

/** How the value of a model becomes a reward. */
export interface OutcomeModelOptions {
  /** For reports (default `outcome-model`). */
  readonly name?: string | undefined
  /** `identity` (default) for a model of preferences, `logistic` for one trained on right and wrong. */
  readonly link?: ValueLink | undefined
}

const EMPTY: Outcome = { kind: 'unscored', reason: 'the completion is empty' }

/**
 * The value of a reward model at the last token of a completion: a Bradley–Terry model's reward, or with `logistic` the
 * probability that the whole solution is right.
 *
 * @param model a `Trainable` with a `value`, trained by `bradleyTerryLoss` or `stepLabelLoss`, or any other scorer
 * @throws PosttrainError `invalid-argument` for a link that there is not; the reward throws `invalid-data` for a model
 *   that gives no finite value
 * @example
 * ```ts
 * const rightness = (model: Scorer): RewardFunction => outcomeModelReward(model, { link: 'logistic' })
 * ```
 */
export function outcomeModelReward(model: Scorer, options: OutcomeModelOptions = {}): RewardFunction {
  const { name = 'outcome-model', link = 'identity' } = options
  requireOneOf('link', link, Object.keys(links) as ValueLink[])
  return {
    name,
    async score(task, samples, call = {}) {
      const asked = samples.flatMap((sample) => (sample.text === '' ? [] : [{ sample, pieces: [sample.text] }]))
      const values = await modelValues(model, name, task, asked, call)
      const bySample = new Map(asked.map(({ sample }, i) => [sample, links[link](values[i]![0]!)]))
      return samples.map((sample): Outcome => {
        const reward = bySample.get(sample)
        return reward === undefined ? EMPTY : { kind: 'scored', reward }
      })
    },
  }
}

/** How the scores of steps become a reward. */
export interface ProcessModelOptions {
  /** For reports (default `process-model`). */
  readonly name?: string | undefined
  /** Default `min`; the choices of the field differ, see `aggregateSteps`. */
  readonly aggregate?: StepAggregation | undefined
  /** What stands between steps (default an empty line). */
  readonly separator?: string | undefined
}

/**
 * The score of a solution by a process reward model: σ of its value at the last token of each step, aggregated. The
 * scores of the steps are the outcome's `steps`.
 *
 * @param model a `Trainable` with a `value`, trained by `stepLabelLoss`, or any other scorer
 * @throws PosttrainError `invalid-argument` for an empty separator or an aggregation that there is not; the reward
 *   throws `invalid-data` for a model that does not give one finite value per step
 * @example
 * ```ts
 * const lastStep = (model: Scorer): RewardFunction => processModelReward(model, { aggregate: 'last' })
 * ```
 */
export function processModelReward(model: Scorer, options: ProcessModelOptions = {}): RewardFunction {
  const { name = 'process-model', aggregate = 'min', separator = '\n\n' } = options
  stepEnds('', separator)
  aggregateSteps([1], aggregate)
  return {
    name,
    async score(task, samples, call = {}) {
      const asked = samples.flatMap((sample) => {
        const ends = stepEnds(sample.text, separator)
        return ends.length === 0
          ? []
          : [{ sample, ends, pieces: ends.map((end, i) => sample.text.slice(ends[i - 1] ?? 0, end)) }]
      })
      const values = await modelValues(model, name, task, asked, call)
      const bySample = new Map<Sample, Outcome>()
      asked.forEach(({ sample, ends }, i) => {
        const scores = values[i]!.map(links.logistic)
        const steps = ends.map((end, at) => ({ end, reward: scores[at]! }))
        bySample.set(sample, { kind: 'scored', reward: aggregateSteps(scores, aggregate), steps })
      })
      return samples.map((sample) => bySample.get(sample) ?? EMPTY)
    },
  }
}
