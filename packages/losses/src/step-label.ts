import { requireFinite, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { logisticLoss, sigmoid } from './internal/logistic.js'
import { overTokens } from './internal/over-tokens.js'

/**
 * The loss of a process reward model: Σᵢ wᵢ Σₜ [−yᵢₜ log σ(vᵢₜ) − (1 − yᵢₜ) log σ(−vᵢₜ)], the binary cross-entropy of
 * the value, as a logit, against the label of a step.
 *
 * The labels y are the `valueTarget`, from 0 to 1: whether a step is right, or the share of continuations from it that
 * were. Where the mask is 1 at the ends of steps alone, so that a value is a step's, weights 1 / number of steps give
 * the mean over steps. Over two classes of logits l₀ and l₁ it is their cross-entropy with v = l₁ − l₀.
 *
 * Lightman et al. 2023, https://arxiv.org/abs/2305.20050; soft labels: Wang et al. 2023,
 * https://arxiv.org/abs/2312.08935
 *
 * @returns a loss of the score `value`, with the metric `accuracy`: the share of steps where v > 0 and y > 1/2 agree
 * @throws PosttrainError `invalid-argument` for a label outside 0 to 1, or if a sequence lacks `value` or `valueTarget`
 * @example
 * ```ts
 * const scores = [{ value: Float64Array.of(2, -1) }]
 * stepLabelLoss().evaluate(scores, [{ weight: 1, valueTarget: [1, 1] }]).value // => 1.440190
 * ```
 */
export const stepLabelLoss = (): Loss => ({
  name: 'step-label',
  differentiates: ['value'],
  reads: ['valueTarget'],
  evaluate(scores, constants) {
    let [steps, right] = [0, 0]
    const added = addUp(scores, constants, (sequence, own, i) => {
      const values = scoreOf(sequence, 'value')
      const labels = constantByToken('valueTarget', own, values.length, i)
      steps += values.length
      return overTokens('value', values, own.weight, (v, t) => {
        const y = requireFinite(`valueTarget[${t}] of sequence ${i}`, labels[t]!, { min: 0, max: 1 })
        right += v > 0 === y > 0.5 ? 1 : 0
        return { value: y * logisticLoss(v) + (1 - y) * logisticLoss(-v), slope: sigmoid(v) - y }
      })
    })
    return { ...added, metrics: { accuracy: fraction(right, steps) } }
  },
})
