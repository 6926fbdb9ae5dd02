import { invalidArgument, requireInteger } from '@posttrain/core'
import type { Algorithm } from './algorithm.js'

/**
 * One algorithm after another, for instance pass@8, then pass@4, then the mean: annealing of k, which PKPO
 * (https://arxiv.org/abs/2505.15201) and Pass@k Training both found to keep the gain at k without losing at 1.
 *
 * @throws PosttrainError `invalid-argument` for stages that do not follow one another
 * @example
 * ```ts
 * import { meanObjective, passAtKObjective } from '@posttrain/estimators'
 *
 * const mean = policyGradient(meanObjective())
 * const schedule = stages([{ algorithm: policyGradient(passAtKObjective({ k: 8 })), until: 100 }, { algorithm: mean }])
 * schedule(100).name // => 'mean'
 * ```
 */
export function stages(
  list: readonly {
    readonly algorithm: Algorithm
    /** First step that follows the next stage; of the last stage absent. */
    readonly until?: number | undefined
  }[],
): (step: number) => Algorithm {
  const last = list.at(-1)
  if (!last) throw invalidArgument('stages is empty')
  list.forEach(({ until }, i) => {
    const isLast = i === list.length - 1
    if (isLast !== (until === undefined))
      throw invalidArgument('every stage but the last needs until, the last must not have it')
    if (until !== undefined) requireInteger('until', until, { min: (list[i - 1]?.until ?? 0) + 1 })
  })
  return (step) => (list.find(({ until }) => until !== undefined && step < until) ?? last).algorithm
}
