import { invalidArgument, type RewardFunction } from '@posttrain/core'
import { sampleReward } from './sample-reward.js'
import { wordsOf } from './words.js'

/** Which words a completion is to have. */
export interface KeywordRewardOptions {
  /** Words, or phrases of several (default none). */
  readonly required?: readonly string[] | undefined
  /** The same (default none). */
  readonly forbidden?: readonly string[] | undefined
  /** For reports (default `keywords`). */
  readonly name?: string | undefined
}

/**
 * The share of required words that a completion has, and 0 if it has a forbidden one. Words are compared whole and
 * without case: `art` is not in `party`.
 *
 * @throws PosttrainError `invalid-argument` for no keyword at all, or one without a letter or digit
 * @example
 * ```ts
 * keywordReward({ required: ['therefore'], forbidden: ['as an AI'] }).name // => 'keywords'
 * ```
 */
export function keywordReward(options: KeywordRewardOptions): RewardFunction {
  const { required = [], forbidden = [], name = 'keywords' } = options
  if (required.length + forbidden.length === 0) throw invalidArgument(`${name} has no keywords`)
  const [needed, barred] = [required.map(phrase), forbidden.map(phrase)]
  return sampleReward(name, ({ text }) => {
    const spaced = ` ${wordsOf(text).join(' ')} `
    if (barred.some((words) => spaced.includes(words))) return 0
    return needed.length === 0 ? 1 : needed.filter((words) => spaced.includes(words)).length / needed.length
  })
}

function phrase(keyword: string): string {
  const words = wordsOf(keyword)
  if (words.length > 0) return ` ${words.join(' ')} `
  throw invalidArgument(`${JSON.stringify(keyword)} is no keyword`, 'a keyword has letters or digits')
}
