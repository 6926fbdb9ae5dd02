import { requireLength, type Loss, type LossConstants, type TokenCotangents } from '@posttrain/core'
import { fraction } from './fraction.js'
import { requirePairs } from './require-pairs.js'
import type { SequenceScore, SequenceScoreAt } from './sequence-score.js'

/** What a pair adds, before its weight, and its derivatives in the numbers of its two sequences. */
export interface PairTerm {
  readonly value: number
  readonly chosen: number
  readonly rejected: number
}

/** A loss of pairs, by the one number that it takes of each sequence. */
export interface PreferenceLoss {
  readonly name: string
  readonly score: SequenceScore
  /** `own`: the constants of the chosen one, which are the pair's. */
  readonly term: (chosen: number, rejected: number, own: LossConstants, index: number) => PairTerm
}

/**
 * A loss over pairs, chosen first, of which the weight of the chosen one is that of the pair. Its metrics are
 * `accuracy`, the share of pairs whose chosen sequence has the higher score, and `margin`, the mean difference of the
 * scores.
 */
export const preferenceLoss = ({ name, score, term }: PreferenceLoss): Loss => ({
  name,
  differentiates: [score.of],
  reads: score.reads,
  pairs: true,
  evaluate(scores, constants) {
    requirePairs(scores)
    requireLength('constants', constants, scores.length)
    const at = scores.map((sequence, i) => score.at(sequence, constants[i]!, i))
    const share = ({ slope, tokens }: SequenceScoreAt, derivative: number): TokenCotangents => ({
      [score.of]: new Float64Array(tokens).fill(derivative * slope),
    })
    let [value, right, margin] = [0, 0, 0]
    const cotangents: TokenCotangents[] = []
    for (let i = 0; i < scores.length; i += 2) {
      const [chosen, rejected, own] = [at[i]!, at[i + 1]!, constants[i]!]
      const pair = term(chosen.value, rejected.value, own, i)
      value += own.weight * pair.value
      cotangents.push(share(chosen, own.weight * pair.chosen), share(rejected, own.weight * pair.rejected))
      right += chosen.value > rejected.value ? 1 : 0
      margin += chosen.value - rejected.value
    }
    const pairs = scores.length / 2
    return { value, cotangents, metrics: { accuracy: fraction(right, pairs), margin: fraction(margin, pairs) } }
  },
})
