import { invalidArgument, mean, requireFinite, requireOneOf, sum } from '@posttrain/core'

/** How the scores of steps become one of a solution. */
export type StepAggregation = 'min' | 'product' | 'log-product' | 'last' | 'mean' | 'geometric-mean'

const sumOfLogs = (scores: readonly number[]): number => sum(scores.map((p) => Math.log(p)))

const aggregations: Readonly<Record<StepAggregation, (scores: readonly number[]) => number>> = {
  min: (scores) => Math.min(...scores),
  product: (scores) => Math.exp(sumOfLogs(scores)),
  'log-product': sumOfLogs,
  last: (scores) => scores.at(-1)!,
  mean,
  'geometric-mean': (scores) => Math.exp(sumOfLogs(scores) / scores.length),
}

/**
 * One score of a solution from the probabilities that its steps are right: their `min` (Wang et al. 2023,
 * https://arxiv.org/abs/2312.08935), `product` (Lightman et al. 2023, https://arxiv.org/abs/2305.20050), the sum of
 * logarithms `log-product`, which orders as the product does and does not underflow, the `last`, the `mean` or the
 * `geometric-mean`. Products fall with the number of steps; the others do not.
 *
 * @param scores (steps), each from 0 to 1
 * @throws PosttrainError `invalid-argument` for no steps, a score that is no probability, and the `log-product` of a 0,
 *   which is not finite
 * @example
 * ```ts
 * aggregateSteps([0.9, 0.8, 0.95, 0.6], 'product') // => 0.4104
 * aggregateSteps([0.9, 0.8, 0.95, 0.6], 'geometric-mean') // => 0.800390
 * ```
 */
export function aggregateSteps(scores: readonly number[], how: StepAggregation): number {
  requireOneOf('how', how, Object.keys(aggregations) as StepAggregation[])
  scores.forEach((score, i) => requireFinite(`scores[${i}]`, score, { min: 0, max: 1 }))
  return aggregateScores(scores, how)
}

/** Aggregations that only probabilities have. */
const ofProbabilities: readonly StepAggregation[] = ['product', 'log-product', 'geometric-mean']

/**
 * The same of scores on any scale, as a search may choose by, where it makes no product of them.
 *
 * @throws PosttrainError `invalid-argument` for no steps, and a score out of range
 */
export function aggregateScores(scores: readonly number[], how: StepAggregation): number {
  if (scores.length === 0) throw invalidArgument('there are no steps to aggregate')
  const bounds = ofProbabilities.includes(how) ? { min: 0, max: 1 } : {}
  scores.forEach((score, i) => requireFinite(`scores[${i}]`, score, bounds))
  return requireFinite(`the ${how} of the scores`, aggregations[how](scores))
}
