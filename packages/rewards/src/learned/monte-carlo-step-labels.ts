import {
  invalidData,
  requestId,
  requireInteger,
  type CallOptions,
  type Outcome,
  type RewardFunction,
  type Sample,
  type Sampler,
  type SamplingOptions,
  type Task,
} from '@posttrain/core'
import { askReward, collect } from '@posttrain/sampling'
import { stepEnds } from './step-ends.js'

/** How steps are labelled. */
export interface MonteCarloStepLabelOptions {
  /** Continues the solution from each step. */
  readonly sampler: Sampler
  /** Says whether a continuation came out right, from 0 to 1. */
  readonly reward: RewardFunction
  /** Continuations of each step, at least 1. */
  readonly continuations: number
  /** Root of the random streams (default 0). */
  readonly seed?: number | undefined
  readonly sampling?: SamplingOptions | undefined
  /** What stands between steps (default an empty line). */
  readonly separator?: string | undefined
}

/** A step with its labels. */
export interface StepLabel {
  /** Where it ends in the text, in UTF-16 units. */
  readonly end: number
  /** The mean reward of the continuations; null where none was scored. */
  readonly soft: number | null
  /** 1 if any continuation had a reward, otherwise 0; null where none was scored. */
  readonly hard: 0 | 1 | null
  /** Continuations that were scored. */
  readonly scored: number
}

/**
 * Labels of the steps of a solution: how often drawing goes on from there to a right answer. The last step has the
 * reward of the solution itself, since nothing follows it.
 *
 * Wang et al. 2023, section 3.3, https://arxiv.org/abs/2312.08935: `soft` is their soft estimation, `hard` their hard one.
 *
 * @param sample the solution
 * @returns one label per step, as `valueTarget` of `stepLabelLoss` takes them
 * @throws PosttrainError `invalid-argument` for no continuations; `invalid-data` for a reward outside 0 to 1; whatever
 *   the sampler and the reward throw
 * @example
 * ```ts
 * const sampler: Sampler = { async *sample() {} }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const solution = { id: 'a', taskId: 'a', index: 0, seed: 0, text: '4', finish: 'stop', usage } as const
 * const options = { sampler, reward: answerMatches(), continuations: 8 }
 * const labels = await monteCarloStepLabels({ id: 'a', prompt: '2 + 2', reference: '4' }, solution, options)
 * labels // => [{ end: 1, soft: 1, hard: 1, scored: 1 }]
 * ```
 */
export async function monteCarloStepLabels(
  task: Task,
  sample: Sample,
  options: MonteCarloStepLabelOptions,
  call: CallOptions = {},
): Promise<readonly StepLabel[]> {
  const { sampler, reward, continuations, seed = 0, sampling = {}, separator } = options
  requireInteger('continuations', continuations, { min: 1 })
  const ends = stepEnds(sample.text, separator)
  const requests = ends.slice(0, -1).map((end, step) => ({
    ...sampling,
    task,
    count: continuations,
    seed,
    id: requestId(task.id, 'step', sample.index, step),
    prefix: [{ text: sample.text.slice(0, end) }],
  }))
  const drawn = await collect(sampler, requests, call)
  const ofSteps = ends.length === 0 ? [] : [...drawn, [sample]]
  const outcomes = await Promise.all(ofSteps.map((samples) => askReward(reward, task, samples, call)))
  return ends.map((end, step) => ({ end, ...labelsOf(outcomes[step]!, reward.name) }))
}

function labelsOf(outcomes: readonly Outcome[], name: string): Omit<StepLabel, 'end'> {
  const rewards = outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome.reward] : []))
  const wrong = rewards.find((reward) => reward < 0 || reward > 1)
  if (wrong !== undefined) throw invalidData(`${name} gave ${wrong}, and labels are from 0 to 1`, 'transform it before')
  if (rewards.length === 0) return { soft: null, hard: null, scored: 0 }
  const total = rewards.reduce((sum, reward) => sum + reward, 0)
  return { soft: total / rewards.length, hard: total > 0 ? 1 : 0, scored: rewards.length }
}
