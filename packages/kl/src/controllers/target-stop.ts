import { invalidArgument, requireFinite } from '@posttrain/core'
import type { KlController } from './kl-controller.js'

/** When to stop, and what decides the coefficient until then. */
export interface StopAtKlOptions {
  /** Largest KL, in nats per sequence. */
  readonly target: number
  /** Factor by which it may be exceeded (default 1.5, as in common PPO implementations). */
  readonly tolerance?: number
  /** Decides the coefficient. */
  readonly controller: KlController
}

/**
 * Early stop: like another controller, but says `stop` once an observed KL is beyond the target, for instance that between the
 * policy and the one that drew the present samples. `initial` starts over with new samples.
 *
 * @throws PosttrainError `invalid-argument` for a target that is not above 0 or a tolerance below 1
 * @example
 * ```ts
 * const { initial, next } = stopAtKl({ target: 0.02, controller: fixedKl(0) })
 * next(initial, 0.04).stop // => true
 * ```
 */
export function stopAtKl({ target, tolerance = 1.5, controller }: StopAtKlOptions): KlController {
  if (!(target > 0 && target < Infinity)) throw invalidArgument(`target must be above 0, but is ${target}`)
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
