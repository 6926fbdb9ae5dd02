import { invalidArgument, requireLength, type Loss } from '@posttrain/core'
import { requirePairs } from './internal/require-pairs.js'

/**
 * A loss on the preferred sequence of each pair alone, for sums with a loss of pairs: DPO with
 * `onPreferred(supervisedLoss())` keeps up the likelihood of the chosen (Pang et al. 2024,
 * https://arxiv.org/abs/2404.19733).
 *
 * @returns a loss of pairs whose cotangents on rejected sequences are 0
 * @throws PosttrainError `invalid-argument` for a loss that takes pairs itself; when evaluated, for an odd number of
 *   sequences
 * @example
 * ```ts
 * const scores = [-1, -2].map((x) => ({ logprob: Float64Array.of(x) }))
 * const constants = scores.map(() => ({ weight: 1 }))
 * onPreferred(supervisedLoss()).evaluate(scores, constants).value // => 1
 * ```
 */
export function onPreferred(loss: Loss): Loss {
  if (loss.pairs)
    throw invalidArgument(`the loss ${loss.name} takes pairs itself, of which onPreferred leaves one sequence`)
  const preferred = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % 2 === 0)
  return {
    ...loss,
    name: `${loss.name} on the preferred`,
    pairs: true,
    evaluate(scores, constants) {
      requirePairs(scores)
      requireLength('constants', constants, scores.length)
      const value = loss.evaluate(preferred(scores), preferred(constants))
      return { ...value, cotangents: scores.map((_, i) => (i % 2 === 0 ? value.cotangents[i / 2]! : {})) }
    },
  }
}
