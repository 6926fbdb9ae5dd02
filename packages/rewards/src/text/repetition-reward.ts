import { requireInteger, type RewardFunction } from '@posttrain/core'
import { sampleReward } from './sample-reward.js'
import { ngramsOf } from './words.js'

/**
 * The share of n-grams of words that are distinct, called distinct-n: 1 where nothing is repeated or there are fewer
 * than n words, toward 0 where a completion goes round in circles.
 *
 * Li et al. 2016, https://arxiv.org/abs/1510.03055
 *
 * @param n words of an n-gram (default 3)
 * @throws PosttrainError `invalid-argument` for n below 1
 * @example
 * ```ts
 * repetitionReward(2).name // => 'distinct-2'
 * ```
 */
export function repetitionReward(n: number = 3): RewardFunction {
  requireInteger('n', n, { min: 1 })
  return sampleReward(`distinct-${n}`, ({ text }) => {
    const ngrams = ngramsOf(text, n)
    return ngrams.length === 0 ? 1 : new Set(ngrams).size / ngrams.length
  })
}
