import { PosttrainError } from '@posttrain/core'
import type { OptimizerSettings } from './optimizer-settings.js'

/**
 * Largest number that a step may make: a weight, or the norm of a gradient. Squares of them, as moments have them, and
 * the products of an adapter's factors are still numbers of float32, which end at 3.4e38.
 */
const LARGEST = 1e17

/** What is known of the weights and moments before a step. */
export interface StepNorms {
  /** L2 norm of the gradient before clipping. */
  readonly gradient: number
  readonly weights: number
  readonly firstMoment: number
  /** t: 1 for the first step. */
  readonly update: number
}

/**
 * Refuses a step that could make a weight or moment infinite, before it is taken: with ‖·‖ for norms, no weight is then
 * larger than ‖p‖·|1 − η·λ| + η·(β₁‖m‖ + (1 − β₁)‖g‖) / (1 − β₁ᵗ) / ε, because v ≥ 0.
 *
 * @throws PosttrainError `exploded`
 */
export function requireBounded(
  { gradient, weights, firstMoment, update }: StepNorms,
  { learningRate, betas: [beta1], epsilon, weightDecay, maxGradientNorm, refuseAbove }: OptimizerSettings,
): void {
  if (!(gradient <= Math.min(refuseAbove, LARGEST))) {
    throw new PosttrainError(
      'exploded',
      `the gradient norm is ${gradient}, so the step was not taken`,
      'lower the learning rate, or look at the batch that gave it',
    )
  }
  const moment = beta1 * firstMoment + (1 - beta1) * Math.min(gradient, maxGradientNorm)
  const rate = learningRate / (1 - beta1 ** update)
  const largest = Math.max(1, weights) * Math.abs(1 - learningRate * weightDecay) + rate * Math.max(1, moment / epsilon)
  if (largest <= LARGEST) return
  throw new PosttrainError(
    'exploded',
    `the step could make a weight as large as ${largest.toPrecision(3)}, so it was not taken`,
    'lower the learning rate or the weight decay, or raise epsilon',
  )
}
