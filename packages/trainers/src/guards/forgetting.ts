import { invalidArgument, requireLength, requireOneOf, sum, type Estimate, type UnscoredPolicy } from '@posttrain/core'
import { meanEstimate, type IntervalOptions, type TaskValue } from '@posttrain/estimators'

/**
 * How much of a retained task set was lost in training: the mean over tasks of max_{s<T} acc_s − acc_T, from one
 * evaluation after another of the same tasks. Negative where the last evaluation is the best.
 *
 * It is held down by `replay`; by a KL penalty, `sumOfLosses` with `klLoss(inLoss({ value: 'rao-blackwell' }), β,
 * { reuseSamples: true })` and a reference; and by training a LoRA adapter, which in our
 * test forgot less at the price of learning less.
 *
 * Definition: Chaudhry et al. 2018, https://arxiv.org/abs/1801.10112; as a hazard of post-training:
 * https://arxiv.org/abs/2502.21321
 *
 * @param evaluations at least two, in the order of training; each has one value per task, in one order of tasks
 * @param how the interval, over tasks, is by the method `student-t` unless another is given
 * @returns the estimate; its samples per task are those of the evaluations, not of their sum
 * @throws PosttrainError `invalid-argument` for fewer than two evaluations or tasks, or evaluations of different tasks
 * @example
 * ```ts
 * const evaluation = (...values: number[]) => values.map((value) => ({ value, samples: 8 }))
 * const evaluations = [evaluation(0.75, 0.5), evaluation(0.5, 1), evaluation(0.5, 0.5)]
 * forgetting(evaluations, { unscored: 'throw' }).value // => 0.375
 * ```
 */
export function forgetting(
  evaluations: readonly (readonly TaskValue[])[],
  {
    since = 'best',
    unscored,
    ...how
  }: IntervalOptions & {
    /**
     * What the last evaluation is compared with. `best` (default): each task's best evaluation before it, the usual
     * definition. Chance makes the best of several noisy accuracies too high, so that this is above 0 even where
     * nothing was forgotten, the more the fewer samples and the more evaluations. `first`: the first evaluation, which
     * is unbiased.
     */
    readonly since?: 'best' | 'first' | undefined
    /** What was done with unscored samples when the values were made. */
    readonly unscored: UnscoredPolicy
  },
): Estimate {
  requireOneOf('since', since, ['best', 'first'])
  if (evaluations.length < 2) {
    throw invalidArgument(
      `forgetting needs at least two evaluations, but there are ${evaluations.length}`,
      'evaluate the retained tasks before training too',
    )
  }
  const last = evaluations.at(-1)!
  evaluations.forEach((evaluation, s) => requireLength(`evaluations[${s}]`, evaluation, last.length))
  const earlier = evaluations.slice(0, since === 'first' ? 1 : -1)
  const lost = last.map(({ value }, task): TaskValue => {
    const all = evaluations.map((evaluation) => evaluation[task]!)
    return {
      value: Math.max(...earlier.map((evaluation) => evaluation[task]!.value)) - value,
      samples: Math.min(...all.map(({ samples }) => samples)),
      unscored: sum(all.map((one) => one.unscored ?? 0)),
    }
  })
  const name = since === 'best' ? 'forgetting' : 'forgetting since the first evaluation'
  return meanEstimate(lost, { method: 'student-t', ...how, name, unscored })
}
