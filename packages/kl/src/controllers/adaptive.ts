import { invalidArgument, requireFinite } from '@posttrain/core'
import type { KlController } from './kl-controller.js'

/** A coefficient that follows the KL. */
export interface AdaptiveKlOptions {
  /** First coefficient. */
  readonly initial: number
  /** KL to hold, in nats per sequence. */
  readonly target: number
  /** K_β, how fast it follows (default 0.1). */
  readonly gain?: number
  /** Largest relative error that counts (default 0.2). */
  readonly clip?: number
}

/**
 * The adaptive controller of Ziegler et al. 2019 (https://arxiv.org/abs/1909.08593, section 2.2):
 * β ← β·(1 + K_β·clip(KL/target − 1, −0.2, 0.2)).
 *
 * @throws PosttrainError `invalid-argument` for a target or coefficient that is not above 0
 * @example
 * ```ts
 * const { initial, next } = adaptiveKl({ initial: 0.2, target: 6 })
 * next(initial, 9).coefficient // => 0.20400000000000001
 * ```
 */
export function adaptiveKl({ initial, target, gain = 0.1, clip = 0.2 }: AdaptiveKlOptions): KlController {
  if (!(initial > 0 && initial < Infinity)) throw invalidArgument(`initial must be above 0, but is ${initial}`)
  if (!(target > 0 && target < Infinity)) throw invalidArgument(`target must be above 0, but is ${target}`)
  requireFinite('gain', gain, { min: 0 })
  requireFinite('clip', clip, { min: 0 })
  if (gain * clip >= 1) throw invalidArgument(`gain · clip must be below 1, but is ${gain * clip}`)
  return {
    name: `adaptive to ${target}`,
    initial: { step: 0, coefficient: initial, stop: false },
    next: (control, kl) => {
      requireFinite('kl', kl)
      const error = Math.max(-clip, Math.min(clip, kl / target - 1))
      return { ...control, step: control.step + 1, coefficient: control.coefficient * (1 + gain * error) }
    },
  }
}
