import { requireFinite } from '@posttrain/core'
import type { KlController } from './kl-controller.js'

/** When to stop, and what decides the coefficient until then. */
export interface StopAtKlOptions {
  /** Largest KL, in nats per sequence, above 0. */
  readonly target: number
  /** Factor by which it may be exceeded, at least 1 (default 1.5, as in common PPO implementations). */
  readonly tolerance?: number | undefined
  /** Decides the coefficient. */
  readonly controller: KlController
}

/**
 * Early stop: like another controller, but says `stop` once an observed KL is beyond the target.
 *
 * That may be the KL between the policy and the one that drew the present samples: with new samples, start over at
 * `initial`.
 *
 * @param options target, tolerance, and what decides the coefficient
 * @returns a controller
 * @throws PosttrainError `invalid-argument` for a target that is not above 0 or a tolerance below 1
 * @example
 * ```ts
 * const { initial, next } = stopAtKl({ target: 0.02, controller: fixedKl(0) })
 * next(initial, 0.04).stop // => true
 * ```
 */
export function stopAtKl({ target, tolerance = 1.5, controller }: StopAtKlOptions): KlController {
  requireFinite('target', target, { above: 0 })
  requireFinite('tolerance', tolerance, { min: 1 })
  return {
    name: `${controller.name}, stopping at ${target}`,
    initial: controller.initial,
    next: (control, kl) => {
      requireFinite('kl', kl)
      return { ...controller.next(control, kl), stop: control.stop || kl > tolerance * target }
    },
  }
}
