import {
  callCallerNow,
  described,
  invalidArgument,
  invalidData,
  requireFinite,
  requireInteger,
  requireLength,
} from '@posttrain/core'
import type { Bounds, OptimizerStep } from '@posttrain/core'

/** Optimizer settings whose learning rate may follow a schedule. */
export interface OptimizerSettings extends Omit<OptimizerStep, 'learningRate'> {
  /** A number, or a function from the step (0 for the first) to one. */
  readonly learningRate: number | ((step: number) => number)
}

/**
 * The settings of one step.
 *
 * @throws PosttrainError `invalid-data` for a schedule that gives no learning rate
 */
export function optimizerAt({ learningRate, ...settings }: OptimizerSettings, step: number): OptimizerStep {
  if (typeof learningRate !== 'function') return { ...settings, learningRate }
  const rate: unknown = callCallerNow('learningRate', `at step ${step}`, () => learningRate(step))
  if (Number.isFinite(rate) && (rate as number) >= 0) return { ...settings, learningRate: rate as number }
  throw invalidData(`learningRate of step ${step} is ${described(rate)}`, 'a learning rate is a number from 0 on')
}

/**
 * Requires optimizer settings that some policy could follow, before anything is drawn.
 *
 * @throws PosttrainError `invalid-argument`, naming the setting, for one that is out of range
 */
export function requireOptimizer(optimizer: OptimizerSettings): void {
  const given: unknown = optimizer
  if (typeof given !== 'object' || given === null) throw invalidArgument(`optimizer is ${described(given)}`)
  const { learningRate, betas, epsilon, weightDecay, maxGradientNorm, refuseAbove } = optimizer
  if (typeof learningRate !== 'function') requireFinite('learningRate', learningRate, { min: 0 })
  if (betas !== undefined) {
    requireLength('betas', betas, 2)
    betas.forEach((beta, i) => requireFinite(`betas[${i}]`, beta, { min: 0, below: 1 }))
  }
  if (epsilon !== undefined) requireFinite('epsilon', epsilon, { above: 0 })
  if (weightDecay !== undefined) requireFinite('weightDecay', weightDecay, { min: 0 })
  if (maxGradientNorm !== undefined) requireNorm('maxGradientNorm', maxGradientNorm, { above: 0 })
  if (refuseAbove !== undefined) requireNorm('refuseAbove', refuseAbove, { min: 0 })
}

/** Infinity is a norm that nothing reaches. */
const requireNorm = (name: string, norm: number, bounds: Bounds): unknown =>
  norm === Infinity || requireFinite(name, norm, bounds)

/**
 * Rises linearly to `rate` over the first steps, then stays.
 *
 * @param rate at least 0
 * @param warmupSteps at least 0; with 0 it is `rate` from the first step on
 * @throws PosttrainError `invalid-argument` for a number out of range
 * @example
 * ```ts
 * linearWarmup(1, 10)(4) // => 0.5
 * ```
 */
export function linearWarmup(rate: number, warmupSteps: number): (step: number) => number {
  requireFinite('rate', rate, { min: 0 })
  requireInteger('warmupSteps', warmupSteps, { min: 0 })
  return (step) => rate * Math.min(1, (step + 1) / warmupSteps)
}

/**
 * Rises over `warmupSteps`, stays until `decayFrom` of all steps, then falls linearly to `final` times the rate.
 *
 * @param rate at least 0
 * @param steps of the whole run, at least 1
 * @param warmupSteps at least 0
 * @param decayFrom fraction of `steps`, at least 0 and below 1 (default 0.4)
 * @param final from 0 to 1 (default 0.02)
 * @throws PosttrainError `invalid-argument` for a number out of range
 * @example
 * ```ts
 * warmupThenDecay(1, 100, 10, 0.5)(75) // => 0.5
 * ```
 */
export function warmupThenDecay(
  rate: number,
  steps: number,
  warmupSteps: number,
  decayFrom = 0.4,
  final = 0.02,
): (step: number) => number {
  const warmup = linearWarmup(rate, warmupSteps)
  requireInteger('steps', steps, { min: 1 })
  requireFinite('decayFrom', decayFrom, { min: 0, below: 1 })
  requireFinite('final', final, { min: 0, max: 1 })
  return (step) => warmup(step) * Math.max(final, Math.min(1, (1 - step / steps) / (1 - decayFrom)))
}
