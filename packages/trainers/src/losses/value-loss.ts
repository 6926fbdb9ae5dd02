import { requireFinite, type Loss } from '@posttrain/core'
import { addUp, clip, constantOf, fraction, overTokens, scoreOf } from './batch.js'

/** Settings of the value loss. */
export interface ValueLossOptions {
  /**
   * ε: values count as moved at most this far from those at the time of sampling, where that makes the error larger;
   * absent: off.
   */
  readonly clip?: number
}

/**
 * The value head's squared error: Σᵢ wᵢ Σₜ ½(Vᵢₜ − Rᵢₜ)², or with a clip Σᵢ wᵢ Σₜ ½ max((V − R)², (clip(V, V_old − ε,
 * V_old + ε) − R)²), so that a value which has moved ε towards its return is pushed no further.
 *
 * Needs `returns`, and with a clip `samplingValue`. PPO's reference implementation:
 * https://github.com/openai/baselines/blob/master/baselines/ppo2/model.py
 *
 * @returns a loss of the score `value`, with the metric `clipFraction` of tokens if it clips
 * @throws PosttrainError `invalid-argument` for a negative clip, or if a sequence lacks what it needs
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-1), value: Float64Array.of(2) }]
 * valueLoss().evaluate(scores, [{ advantage: 0, weight: 1, returns: [5] }]).value // => 4.5
 * ```
 */
export function valueLoss({ clip: epsilon }: ValueLossOptions = {}): Loss {
  if (epsilon !== undefined) requireFinite('clip', epsilon, { min: 0 })
  return {
    name: epsilon === undefined ? 'value' : 'value-clip',
    needs: ['value'],
    vanishesAtZeroAdvantage: false,
    onPolicy: false,
    evaluate(scores, constants) {
      let [tokens, clipped] = [0, 0]
      const sum = addUp(scores, constants, (sequence, own, i) => {
        const value = scoreOf('value', sequence, i)
        const returns = constantOf('returns', own, value.length, i)
        const old = epsilon === undefined ? undefined : constantOf('samplingValue', own, value.length, i)
        tokens += value.length
        return overTokens('value', value, own.weight, (v, t) => {
          const error = v - returns[t]!
          if (epsilon === undefined || !old) return { value: error ** 2 / 2, slope: error }
          const bounded = clip(v, old[t]! - epsilon, old[t]! + epsilon) - returns[t]!
          if (bounded ** 2 <= error ** 2) return { value: error ** 2 / 2, slope: error }
          clipped++
          return { value: bounded ** 2 / 2, slope: 0 }
        })
      })
      return { ...sum, metrics: epsilon === undefined ? {} : { clipFraction: fraction(clipped, tokens) } }
    },
  }
}
