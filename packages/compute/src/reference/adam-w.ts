import type { ReferenceKernel } from './reference-kernel.js'

/**
 * Adam with decoupled weight decay: m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; m̂ = m/(1 − β₁ᵗ); v̂ = v/(1 − β₂ᵗ);
 * p ← p·(1 − η·λ) − η·m̂/(√v̂ + ε).
 *
 * Loshchilov and Hutter, Decoupled Weight Decay Regularization, algorithm 2 with the decay scaled by the learning
 * rate as PyTorch has it, https://arxiv.org/abs/1711.05101
 */
export const adamW: ReferenceKernel<'adamW'> = (args) => {
  const { length, parameters, gradients, firstMoment, secondMoment, step, learningRate, betas } = args
  const [beta1, beta2] = betas
  const decay = 1 - learningRate * args.weightDecay
  for (let i = 0; i < length; i++) {
    const g = gradients[i]! * args.gradientScale
    const m = beta1 * firstMoment[i]! + (1 - beta1) * g
    const v = beta2 * secondMoment[i]! + (1 - beta2) * g * g
    const mHat = m / (1 - beta1 ** step)
    const vHat = v / (1 - beta2 ** step)
    parameters[i] = parameters[i]! * decay - (learningRate * mHat) / (Math.sqrt(vHat) + args.epsilon)
    firstMoment[i] = m
    secondMoment[i] = v
  }
}
