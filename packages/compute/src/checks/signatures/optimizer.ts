import { requireFinite, requireLength } from '@posttrain/core'
import type { OptimizerKernels } from '../../kernels/optimizer.js'
import { f32, type SignaturesOf } from '../signature.js'

/** Signatures of updates of parameters. */
export const optimizerSignatures: SignaturesOf<keyof OptimizerKernels> = {
  adamW: {
    sizes: { length: 0, step: 1 },
    buffers: {
      parameters: f32('length'),
      gradients: f32('length'),
      firstMoment: f32('length'),
      secondMoment: f32('length'),
    },
    writes: ['parameters', 'firstMoment', 'secondMoment'],
    also: ({ learningRate, betas, epsilon, weightDecay, gradientScale }, kernel) => {
      for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay, gradientScale })) {
        requireFinite(`${kernel}: ${name}`, value)
      }
      requireLength(`${kernel}: betas`, betas, 2)
      betas.forEach((beta, i) => requireFinite(`${kernel}: betas[${i}]`, beta, { min: 0, below: 1 }))
    },
  },
}
