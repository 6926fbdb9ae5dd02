import {
  chosenCount,
  invalidArgument,
  requireFinite,
  requireOneOf,
  type RewardFunction,
  type Sample,
} from '@posttrain/core'
import { sampleReward } from './sample-reward.js'
import { wordsOf } from './words.js'

/** Which lengths are right. */
export interface LengthRewardOptions {
  /** Default 0. */
  readonly min?: number | undefined
  /** Default: any. */
  readonly max?: number | undefined
  /** Over how much beyond either bound the reward falls from 1 to 0 (default 0: at once). */
  readonly slack?: number | undefined
  /** What is counted: tokens that the policy chose (default), words, or UTF-16 units. */
  readonly unit?: 'tokens' | 'words' | 'characters' | undefined
  /** For reports (default `length`). */
  readonly name?: string | undefined
}

const lengths: Readonly<Record<NonNullable<LengthRewardOptions['unit']>, (sample: Sample) => number>> = {
  tokens: chosenCount,
  words: ({ text }) => wordsOf(text).length,
  characters: ({ text }) => text.length,
}

/**
 * Reward 1 for a length L within bounds, and max(0, 1 − distance / slack) beyond them.
 *
 * @throws PosttrainError `invalid-argument` unless 0 ≤ min ≤ max and slack ≥ 0
 * @example
 * ```ts
 * lengthReward({ max: 100, slack: 50 }).name // => 'length'
 * ```
 */
export function lengthReward(options: LengthRewardOptions = {}): RewardFunction {
  const { min = 0, max = Infinity, slack = 0, unit = 'tokens', name = 'length' } = options
  requireFinite('min', min, { min: 0 })
  requireFinite('slack', slack, { min: 0 })
  requireOneOf('unit', unit, ['tokens', 'words', 'characters'])
  if (!(max >= min)) throw invalidArgument(`max must be a number of at least min = ${min}, but is ${max}`)
  return sampleReward(name, (sample) => {
    const length = lengths[unit](sample)
    const distance = Math.max(min - length, length - max, 0)
    return distance === 0 ? 1 : distance < slack ? 1 - distance / slack : 0
  })
}
