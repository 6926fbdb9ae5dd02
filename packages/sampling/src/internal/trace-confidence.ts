import { chosenCount, sum, type Sample } from '@posttrain/core'

/** How the confidences of a trace's tokens become one number. */
export type ConfidenceMeasure = 'mean' | 'tail' | 'lowest-group' | 'bottom-groups'

/** What a probability counts as, at least, beside tokens that are masked: their logarithm would be infinite. */
const LEAST = Math.log(1e-12)

/**
 * −(1/k)·Σ log p over the k likeliest tokens at a place. Where one of them is masked, with log-prob −∞, each p counts
 * as at least 10⁻¹².
 */
export function tokenConfidence(top: ArrayLike<number>, k: number = top.length): number {
  const taken = Array.from(top).slice(0, k)
  const isMasked = taken.includes(-Infinity)
  return -sum(taken.map((logprob) => (isMasked ? Math.max(logprob, LEAST) : logprob))) / taken.length
}

/**
 * (chosen tokens): the confidence of each token of a sample, or why it has none.
 *
 * @param k of the likeliest tokens; absent: all that are recorded
 */
export function tokenConfidences(sample: Sample, k?: number): readonly number[] | string {
  const top = sample.logprobs?.top
  if (!top) return chosenCount(sample) === 0 ? NO_TOKENS : 'the sample carries no log-probs of the likeliest tokens'
  if (top.length === 0) return NO_TOKENS
  const least = k ?? 1
  const short = top.findIndex(({ length }) => length < least)
  if (short < 0) return top.map((values) => tokenConfidence(values, k))
  return `token ${short} has log-probs of ${top[short]!.length} of the ${least} likeliest tokens`
}

const NO_TOKENS = 'no token of the sample was chosen'

/** Means of all runs of `window` tokens, each a token behind the one before; of a shorter trace that of all of it. */
export function groupConfidences(confidences: readonly number[], window: number): readonly number[] {
  const size = Math.min(window, confidences.length)
  let total = sum(confidences.slice(0, size))
  const groups = [total / size]
  for (let end = size; end < confidences.length; end++) {
    total += confidences[end]! - confidences[end - size]!
    groups.push(total / size)
  }
  return groups
}

/** The confidence of a trace, of the confidences of its tokens: at least one. */
export function traceConfidence(confidences: readonly number[], measure: ConfidenceMeasure, window: number): number {
  if (measure === 'mean') return mean(confidences)
  if (measure === 'tail') return mean(confidences.slice(-window))
  const groups = groupConfidences(confidences, window)
  if (measure === 'lowest-group') return groups.reduce((least, group) => Math.min(least, group))
  const lowest = Float64Array.from(groups).sort()
  return mean(lowest.subarray(0, Math.max(1, Math.floor(groups.length / 10))))
}

const mean = (values: ArrayLike<number>): number => sum(values) / values.length
