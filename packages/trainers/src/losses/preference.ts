import { invalidArgument, requireLength, type Loss, type LossConstants, type TokenScores } from '@posttrain/core'
import { constantOf, fraction } from './batch.js'

/** What a pair adds, before its weight, and its derivatives in the scores of its two sequences. */
export interface PairTerm {
  readonly value: number
  readonly chosen: number
  readonly rejected: number
}

/** A loss of pairs, by the one number that it takes of each sequence. */
export interface PreferenceLoss {
  readonly name: string
  /** Log-probs, or log-ratios to the reference. */
  readonly of: 'logprob' | 'log-ratio'
  /** How those of its tokens become a sequence's. */
  readonly over: 'sum' | 'mean'
  readonly term: (chosen: number, rejected: number) => PairTerm
}

/**
 * A loss over pairs, chosen first, of which the weight of the chosen one is that of the pair. Its metrics are
 * `accuracy`, the share of pairs whose chosen sequence has the higher score, and `margin`, the mean difference of the
 * scores.
 */
export function preferenceLoss({ name, of, over, term }: PreferenceLoss): Loss {
  const score = ({ logprob }: TokenScores, own: LossConstants, i: number): number => {
    const tokens = logprob.length
    if (over === 'mean' && tokens === 0)
      throw invalidArgument(`sequence ${i} is empty, so its mean log-prob is undefined`)
    const reference = of === 'log-ratio' ? constantOf('referenceLogprob', own, tokens, i) : new Float64Array(tokens)
    const sum = logprob.reduce((total, x, t) => total + (x - reference[t]!), 0)
    return over === 'mean' ? sum / tokens : sum
  }
  const share = ({ logprob }: TokenScores, slope: number): Float64Array =>
    new Float64Array(logprob.length).fill(over === 'mean' ? slope / logprob.length : slope)
  return {
    name,
    needs: ['logprob'],
    vanishesAtZeroAdvantage: false,
    onPolicy: false,
    pairs: true,
    evaluate(scores, constants) {
      requirePairs(scores)
      requireLength('constants', constants, scores.length)
      let [value, right, margin] = [0, 0, 0]
      const cotangents: { logprob: Float64Array }[] = []
      for (let i = 0; i < scores.length; i += 2) {
        const { weight } = constants[i]!
        const [chosen, rejected] = [
          score(scores[i]!, constants[i]!, i),
          score(scores[i + 1]!, constants[i + 1]!, i + 1),
        ]
        const pair = term(chosen, rejected)
        value += weight * pair.value
        cotangents.push({ logprob: share(scores[i]!, weight * pair.chosen) })
        cotangents.push({ logprob: share(scores[i + 1]!, weight * pair.rejected) })
        right += chosen > rejected ? 1 : 0
        margin += chosen - rejected
      }
      const pairs = scores.length / 2
      return { value, cotangents, metrics: { accuracy: fraction(right, pairs), margin: fraction(margin, pairs) } }
    },
  }
}

/** Requires an even number of sequences. */
export function requirePairs(scores: readonly TokenScores[]): void {
  if (scores.length % 2 === 0) return
  throw invalidArgument(
    `there are ${scores.length} sequences, but pairs are needed`,
    'pass chosen, rejected, chosen, …',
  )
}
