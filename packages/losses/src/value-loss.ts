import { requireFinite, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { clip } from './internal/clip.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { overTokens } from './internal/over-tokens.js'

/** Settings of the value loss. */
export interface ValueLossOptions {
  /**
   * ε: values count as moved at most this far from those before the first update of the batch, where that makes the
   * error larger; absent: off.
   */
  readonly clip?: number | undefined
}

/**
 * The value head's squared error: Σᵢ wᵢ Σₜ ½(Vᵢₜ − Rᵢₜ)², or with a clip Σᵢ wᵢ Σₜ ½ max((V − R)², (clip(V, V_old − ε,
 * V_old + ε) − R)²), so that a value which has moved ε towards its return is pushed no further.
 *
 * R is the `valueTarget`, V_old the `oldValue`, which only a clip reads. PPO's reference implementation:
 * https://github.com/openai/baselines/blob/master/baselines/ppo2/model.py
 *
 * @returns a loss of the score `value`, with the metric `clipFraction` of tokens if it clips
 * @throws PosttrainError `invalid-argument` for a negative clip, or if a sequence lacks what it reads
 * @example
 * ```ts
 * const scores = [{ value: Float64Array.of(2) }]
 * valueLoss().evaluate(scores, [{ weight: 1, valueTarget: [5] }]).value // => 4.5
 * ```
 */
export function valueLoss({ clip: epsilon }: ValueLossOptions = {}): Loss {
  if (epsilon !== undefined) requireFinite('clip', epsilon, { min: 0 })
  return {
    name: epsilon === undefined ? 'value' : 'value-clip',
    differentiates: ['value'],
    reads: epsilon === undefined ? ['valueTarget'] : ['valueTarget', 'oldValue'],
    evaluate(scores, constants) {
      let [tokens, clipped] = [0, 0]
      const added = addUp(scores, constants, (sequence, own, i) => {
        const value = scoreOf(sequence, 'value')
        const target = constantByToken('valueTarget', own, value.length, i)
        const old = epsilon === undefined ? undefined : constantByToken('oldValue', own, value.length, i)
        tokens += value.length
        return overTokens('value', value, own.weight, (v, t) => {
          const error = v - target[t]!
          if (epsilon === undefined || !old) return { value: error ** 2 / 2, slope: error }
          const bounded = clip(v, old[t]! - epsilon, old[t]! + epsilon) - target[t]!
          if (bounded ** 2 <= error ** 2) return { value: error ** 2 / 2, slope: error }
          clipped++
          return { value: bounded ** 2 / 2, slope: 0 }
        })
      })
      return { ...added, metrics: epsilon === undefined ? {} : { clipFraction: fraction(clipped, tokens) } }
    },
  }
}
