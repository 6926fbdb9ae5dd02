import { requireFinite } from '@posttrain/core'
import type { KlController } from './kl-controller.js'

/** A coefficient that follows the KL. */
export interface AdaptiveKlOptions {
  /** First coefficient, above 0. */
  readonly initial: number
  /** KL to hold, in nats per sequence, above 0. */
  readonly target: number
  /** K_β, how fast it follows, at least 0 (default 0.1). */
  readonly gain?: number | undefined
  /** Largest relative error that counts, at least 0 (default 0.2). */
  readonly clip?: number | undefined
}

/**
 * The adaptive controller of Ziegler et al. 2019 (https://arxiv.org/abs/1909.08593, section 2.2):
 * β ← β·(1 + K_β·clip(KL/target − 1, −0.2, 0.2)).
 *
 * @param options first coefficient, target, gain and clip
 * @returns a controller that never stops training
 * @throws PosttrainError `invalid-argument` for a target or coefficient that is not above 0
 * @example
 * ```ts
 * const { initial, next } = adaptiveKl({ initial: 0.2, target: 6 })
 * next(initial, 9).coefficient // => 0.20400000000000001
 * ```
 */
export function adaptiveKl({ initial, target, gain = 0.1, clip = 0.2 }: AdaptiveKlOptions): KlController {
  requireFinite('initial', initial, { above: 0 })
  requireFinite('target', target, { above: 0 })
  requireFinite('gain', gain, { min: 0 })
  requireFinite('clip', clip, { min: 0 })
  requireFinite('gain · clip', gain * clip, { below: 1 })
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
