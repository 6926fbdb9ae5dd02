import { scoreOf, sum, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { fraction } from './internal/fraction.js'
import { overTokens } from './internal/over-tokens.js'

/**
 * Reverse distillation: Σᵢ wᵢ Σₜ KL(π ‖ teacher) of the next-token distributions, exact over the vocabulary, at the
 * prefixes of completions that the student drew. The teacher is the `reference` of the policy's scores, so it must
 * share its vocabulary.
 *
 * Prefixes are held fixed: it leaves out that a token also decides which prefixes come later. `distillationAdvantages`
 * with `toGo` has that part.
 *
 * Agarwal et al. 2023 (GKD with its β = 1), https://arxiv.org/abs/2306.13649
 *
 * @returns a loss of the score `klToReference`, with the metric `kl` in nats per token
 * @throws PosttrainError `invalid-argument` if a sequence has no `klToReference`
 * @example
 * ```ts
 * const scores = [{ klToReference: Float64Array.of(0.25) }]
 * reverseDistillationLoss().evaluate(scores, [{ weight: 2 }]).value // => 0.5
 * ```
 */
export const reverseDistillationLoss = (): Loss => ({
  name: 'reverse-distillation',
  differentiates: ['klToReference'],
  reads: [],
  evaluate(scores, constants) {
    let [tokens, total] = [0, 0]
    const added = addUp(scores, constants, (sequence, { weight }) => {
      const kl = scoreOf(sequence, 'klToReference')
      tokens += kl.length
      total += sum(kl)
      return overTokens('klToReference', kl, weight, (value) => ({ value, slope: 1 }))
    })
    return { ...added, metrics: { kl: fraction(total, tokens) } }
  },
})
