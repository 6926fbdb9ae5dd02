import { requireFinite, scoreOf, sum, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { fraction } from './internal/fraction.js'
import { overTokens } from './internal/over-tokens.js'

/**
 * A reward for entropy: −c Σᵢ wᵢ Σₜ Hᵢₜ, with the entropy of the next-token distribution exact over the vocabulary.
 *
 * Its gradient holds the sampled prefixes fixed: it leaves out that a token also decides which prefixes come later.
 *
 * Williams, Peng 1991, https://doi.org/10.1080/09540099108946587
 *
 * @param coefficient c; negative to press entropy down
 * @returns a loss of the score `entropy`, with the metric `meanEntropy` in nats per token
 * @throws PosttrainError `invalid-argument` if c is not finite, or if a sequence has no `entropy`
 * @example
 * ```ts
 * const scores = [{ entropy: Float64Array.of(0.5) }]
 * entropyBonus(0.25).evaluate(scores, [{ weight: 1 }]).value // => -0.125
 * ```
 */
export function entropyBonus(coefficient: number): Loss {
  requireFinite('coefficient', coefficient)
  return {
    name: 'entropy-bonus',
    differentiates: ['entropy'],
    reads: [],
    evaluate(scores, constants) {
      let [tokens, entropies] = [0, 0]
      const added = addUp(scores, constants, (sequence, { weight }) => {
        const entropy = scoreOf(sequence, 'entropy')
        tokens += entropy.length
        entropies += sum(entropy)
        return overTokens('entropy', entropy, weight, (h) => ({ value: -coefficient * h, slope: -coefficient }))
      })
      return { ...added, metrics: { meanEntropy: fraction(entropies, tokens) } }
    },
  }
}
