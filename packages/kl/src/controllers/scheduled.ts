import { requireFinite, requireInteger } from '@posttrain/core'
import type { KlController } from './kl-controller.js'

/**
 * Always the same coefficient.
 *
 * @param coefficient β, at least 0
 * @returns a controller that never stops training
 * @throws PosttrainError `invalid-argument` for a negative coefficient
 * @example
 * ```ts
 * fixedKl(0.05).initial.coefficient // => 0.05
 * ```
 */
export function fixedKl(coefficient: number): KlController {
  requireFinite('coefficient', coefficient, { min: 0 })
  return {
    name: `fixed ${coefficient}`,
    initial: { step: 0, coefficient, stop: false },
    next: (control) => ({ ...control, step: control.step + 1 }),
  }
}

/** A straight line of coefficients. */
export interface LinearKlOptions {
  /** Coefficient of the first update, at least 0. */
  readonly from: number
  /** Coefficient from update `steps` on, at least 0. */
  readonly to: number
  /** Updates on the way, at least 1. */
  readonly steps: number
}

/**
 * From one coefficient to another in equal steps, then constant.
 *
 * @param options first and last coefficient, and the updates between them
 * @returns a controller that never stops training
 * @throws PosttrainError `invalid-argument` for negative coefficients or fewer than one step
 * @example
 * ```ts
 * const { initial, next } = linearKl({ from: 0.1, to: 0, steps: 2 })
 * next(initial, 1).coefficient // => 0.05
 * ```
 */
export function linearKl({ from, to, steps }: LinearKlOptions): KlController {
  requireFinite('from', from, { min: 0 })
  requireFinite('to', to, { min: 0 })
  requireInteger('steps', steps, { min: 1 })
  return {
    name: `linear ${from} to ${to} over ${steps}`,
    initial: { step: 0, coefficient: from, stop: false },
    next: (control) => {
      const step = control.step + 1
      const coefficient = step >= steps ? to : from + ((to - from) * step) / steps
      return { ...control, step, coefficient }
    },
  }
}
