import type { OptimizerStep } from '@posttrain/core'

/** Optimizer settings whose learning rate may follow a schedule. */
export interface OptimizerSettings extends Omit<OptimizerStep, 'learningRate'> {
  /** A number, or a function from the step (0 for the first) to one. */
  readonly learningRate: number | ((step: number) => number)
}

/** The settings of one step. */
export const optimizerAt = ({ learningRate, ...settings }: OptimizerSettings, step: number): OptimizerStep => ({
  ...settings,
  learningRate: typeof learningRate === 'function' ? learningRate(step) : learningRate,
})

/**
 * Rises linearly to `rate` over the first steps, then stays.
 *
 * @example
 * ```ts
 * linearWarmup(1, 10)(4) // => 0.5
 * ```
 */
export const linearWarmup =
  (rate: number, warmupSteps: number): ((step: number) => number) =>
  (step) =>
    rate * Math.min(1, (step + 1) / warmupSteps)

/**
 * Rises over `warmupSteps`, stays until `decayFrom` of all steps, then falls linearly to `final` times the rate.
 *
 * @param decayFrom fraction of `steps`, from 0 to 1
 */
export const warmupThenDecay =
  (rate: number, steps: number, warmupSteps: number, decayFrom = 0.4, final = 0.02): ((step: number) => number) =>
  (step) =>
    linearWarmup(rate, warmupSteps)(step) * Math.max(final, Math.min(1, (1 - step / steps) / (1 - decayFrom)))
