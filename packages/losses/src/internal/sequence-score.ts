import { invalidArgument, scoreOf, sum } from '@posttrain/core'
import type { ConstantName, LossConstants, ScoreName, TokenScores } from '@posttrain/core'
import { constantByToken } from './constant-by-token.js'
import { sequenceLogRatio } from './sequence-log-ratio.js'

/** The one number that a loss of pairs takes of each sequence. */
export interface SequenceScore {
  /** The score of its tokens that it is made of. */
  readonly of: ScoreName
  readonly reads: readonly ConstantName[]
  /** The number, and its derivative in the score of each token, the same for all of them. */
  at(scores: TokenScores, constants: LossConstants, index: number): SequenceScoreAt
}

/** A sequence's number, and ∂number/∂score at each of its tokens. */
export interface SequenceScoreAt {
  readonly value: number
  readonly slope: number
  readonly tokens: number
}

/** Σₜ log πₜ, or its mean over tokens. */
export const logprobOfSequence = (over: 'sum' | 'mean'): SequenceScore => ({
  of: 'logprob',
  reads: [],
  at(scores, _, index) {
    const logprob = scoreOf(scores, 'logprob')
    return overAll(sum(logprob), logprob.length, over, index)
  },
})

/** Σₜ log π/π_refₜ, or its mean over tokens. */
export const logRatioOfSequence = (over: 'sum' | 'mean'): SequenceScore => ({
  of: 'logprob',
  reads: ['referenceLogprob'],
  at(scores, constants, index) {
    const logprob = scoreOf(scores, 'logprob')
    const reference = constantByToken('referenceLogprob', constants, logprob.length, index)
    return overAll(sequenceLogRatio(logprob, reference), logprob.length, over, index)
  },
})

/** The only value of a sequence, as a reward model gives it. */
export const valueOfSequence: SequenceScore = {
  of: 'value',
  reads: [],
  at(scores, _, index) {
    const values = scoreOf(scores, 'value')
    if (values.length === 1) return { value: values[0]!, slope: 1, tokens: 1 }
    throw invalidArgument(
      `sequence ${index} has ${values.length} values, but this loss takes one per sequence`,
      'set the mask to 1 at its last token alone',
    )
  },
}

function overAll(total: number, tokens: number, over: 'sum' | 'mean', index: number): SequenceScoreAt {
  if (over === 'sum') return { value: total, slope: 1, tokens }
  if (tokens === 0) throw invalidArgument(`sequence ${index} is empty, so its mean log-prob is undefined`)
  return { value: total / tokens, slope: 1 / tokens, tokens }
}
