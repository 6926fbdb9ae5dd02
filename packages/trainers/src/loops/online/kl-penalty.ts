import { callCallerNow, described, invalidData, mean, shown, sum, type Task, type TokenScores } from '@posttrain/core'
import type { KlConstants, KlPlacement, KlTerm } from '@posttrain/kl'
import type { Advantage, GroupAdvantages } from '../../advantages/advantage-estimator.js'
import type { Algorithm } from '../../algorithms/algorithm.js'
import type { BySample, KnownLogprobs } from './known-logprobs.js'

/**
 * What a KL penalty in the reward is at each chosen token, −β·k; undefined for one that acts in the loss alone.
 *
 * @param coefficient β of the step
 * @param tasks of the groups
 * @throws PosttrainError `invalid-data`, naming placement and task, for anything but finite rewards by chosen token
 */
export function penaltyRewards(
  { kl }: Algorithm,
  coefficient: number | undefined,
  { old, reference, klToReference }: KnownLogprobs,
  tasks: readonly Task[],
): BySample | undefined {
  if (coefficient === undefined || !kl?.placement.places.includes('reward')) return undefined
  return old!.map((group, g) =>
    group.map((logprob, i) => {
      const scores = { logprob, klToReference: klToReference?.[g]?.[i] }
      const constants = { referenceLogprob: reference![g]![i]!, rolloutLogprob: logprob }
      return rewardsOf(kl.placement, scores, constants, coefficient, { task: tasks[g]!, sample: i })
    }),
  )
}

/** The rewards that a placement gives a sample. @throws PosttrainError `invalid-data`, naming it and the task */
function rewardsOf(
  placement: KlPlacement,
  scores: TokenScores,
  constants: KlConstants,
  coefficient: number,
  { task, sample }: { readonly task: Task; readonly sample: number },
): Float64Array {
  const [name, where] = [`the KL placement ${placement.name}`, `task ${shown(task.id)}`]
  const term: unknown = callCallerNow(name, `on ${where}`, () => placement.contribution(scores, constants, coefficient))
  const { rewards } = (term ?? {}) as Partial<KlTerm>
  if (rewards instanceof Float64Array && rewards.length === scores.logprob!.length && rewards.every(Number.isFinite)) {
    return rewards
  }
  throw invalidData(
    `${name} gave sample ${sample} of ${where} ${described(rewards)} as rewards`,
    'give a Float64Array with a finite reward for each chosen token',
  )
}

/**
 * Advantages of an objective with those of a penalty, which is a mean of its own: on average the step is the gradient
 * of E[objective] + E[penalty], whatever the objective counts as correct. The baseline of a sample is the mean penalty
 * of the others, and 0 where there is none.
 */
export const withPenalty = (assigned: readonly GroupAdvantages[], penalties: BySample): readonly GroupAdvantages[] =>
  assigned.map((group, g) => {
    const penalty = lessMeanOfOthers(penalties[g]!.map((rewards) => sum(rewards)))
    return { ...group, advantages: group.advantages.map((advantage, i) => plus(advantage, penalty[i]!)) }
  })

function lessMeanOfOthers(values: readonly number[]): readonly number[] {
  const n = values.length
  if (n === 1) return values
  const average = mean(values)
  return values.map((value) => (n / (n - 1)) * (value - average))
}

const plus = (advantage: Advantage, penalty: number): Advantage =>
  typeof advantage === 'number' ? advantage + penalty : advantage.map((value) => value + penalty)
