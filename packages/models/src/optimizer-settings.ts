import { invalidArgument, requireFinite, requireLength, type OptimizerStep } from '@posttrain/core'

/** Settings of a step with their defaults. */
export type OptimizerSettings = { readonly [K in keyof OptimizerStep]-?: Exclude<OptimizerStep[K], undefined> }

/** @throws PosttrainError `invalid-argument`, naming the setting, for one that is out of range */
export function optimizerSettings(step: OptimizerStep): OptimizerSettings {
  const { learningRate, betas = [0.9, 0.95], epsilon = 1e-8, weightDecay = 0 } = step
  const { maxGradientNorm = Infinity, refuseAbove = Infinity } = step
  requireFinite('learningRate', learningRate, { min: 0 })
  requireLength('betas', betas, 2)
  betas.forEach((beta, i) => requireFinite(`betas[${i}]`, beta, { min: 0, below: 1 }))
  requireFinite('epsilon', epsilon, { min: 1e-30, max: 1e30 }) // as float32 has it
  requireFinite('weightDecay', weightDecay, { min: 0 })
  if (!(maxGradientNorm > 0)) throw invalidArgument(`maxGradientNorm must be above 0, but is ${maxGradientNorm}`)
  if (!(refuseAbove >= 0)) throw invalidArgument(`refuseAbove must be at least 0, but is ${refuseAbove}`)
  return { learningRate, betas, epsilon, weightDecay, maxGradientNorm, refuseAbove }
}
