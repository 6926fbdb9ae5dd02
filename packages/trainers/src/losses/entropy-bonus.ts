import { requireFinite, type Loss } from '@posttrain/core'
import { addUp, fraction, overTokens, scoreOf } from './batch.js'

/**
 * A reward for entropy: −c Σᵢ wᵢ Σₜ Hᵢₜ, with the entropy of the next-token distribution exact over the vocabulary.
 *
 * Its gradient holds the sampled prefixes fixed: it leaves out that a token also decides which prefixes come later.
 *
 * Williams, Peng 1991, https://doi.org/10.1080/09540099108946587
 *
 * @param coefficient c; negative to press entropy down
 * @returns a loss of the score `entropy`, with the metric `meanEntropy` in nats per token
 * @throws PosttrainError `invalid-argument` if c is not finite, or if a sequence has no entropy
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-1), entropy: Float64Array.of(0.5) }]
 * entropyBonus(0.25).evaluate(scores, [{ advantage: 0, weight: 1 }]).value // => -0.125
 * ```
 */
export function entropyBonus(coefficient: number): Loss {
  requireFinite('coefficient', coefficient)
  return {
    name: 'entropy-bonus',
    needs: ['entropy'],
    vanishesAtZeroAdvantage: false,
    onPolicy: false,
    evaluate(scores, constants) {
      let [tokens, entropies] = [0, 0]
      const sum = addUp(scores, constants, (sequence, { weight }, i) => {
        const entropy = scoreOf('entropy', sequence, i)
        tokens += entropy.length
        return overTokens('entropy', entropy, weight, (h) => {
          entropies += h
          return { value: -coefficient * h, slope: -coefficient }
        })
      })
      return { ...sum, metrics: { meanEntropy: fraction(entropies, tokens) } }
    },
  }
}
