import { invalidArgument, requireInteger, requireLength } from '@posttrain/core'

/**
 * The rank of a token among all that could have come: 1 + the number of tokens of larger log-prob.
 *
 * @param logprobs (vocabulary): log-probs or logits; −∞ for what cannot come
 * @param token index into them
 * @returns 1 for the most likely one; tokens that are equally likely have one rank
 * @throws PosttrainError `invalid-argument` for a token that is not in the vocabulary, or a log-prob that is NaN
 * @example
 * ```ts
 * tokenRank([-1.2, -0.4, -3], 0) // => 2
 * ```
 */
export function tokenRank(logprobs: ArrayLike<number>, token: number): number {
  requireInteger('token', token, { min: 0, max: logprobs.length - 1 })
  let rank = 1
  for (let i = 0; i < logprobs.length; i++) {
    if (Number.isNaN(logprobs[i])) throw invalidArgument(`logprobs[${i}] is NaN`)
    if (logprobs[i]! > logprobs[token]!) rank++
  }
  return rank
}

/**
 * The ranking-change ratio of a response: the share of its positions where the token that was emitted has another rank
 * under the base model than under the trained one.
 *
 * Chen, Li & Zou 2025, https://arxiv.org/abs/2506.04695. For a figure over tasks, average it over each task's responses
 * and give the averages to `meanInterval`.
 *
 * @param base (tokens): `tokenRank` of each emitted token under the base model
 * @param trained (tokens): the same under the trained model
 * @returns from 0 to 1
 * @throws PosttrainError `invalid-argument` for no tokens, other lengths, or ranks that are no integers from 1 on
 * @example
 * ```ts
 * rankingChangeRatio([1, 1, 3, 2], [1, 1, 1, 2]) // => 0.25
 * ```
 */
export function rankingChangeRatio(base: ArrayLike<number>, trained: ArrayLike<number>): number {
  if (base.length === 0) throw invalidArgument('the response has no tokens, of which a share could be taken')
  requireLength('trained', trained, base.length)
  let changed = 0
  for (let i = 0; i < base.length; i++) {
    const before = requireInteger(`base[${i}]`, base[i]!, { min: 1 })
    if (before !== requireInteger(`trained[${i}]`, trained[i]!, { min: 1 })) changed++
  }
  return changed / base.length
}
