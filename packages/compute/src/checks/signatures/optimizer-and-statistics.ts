import type { SignaturesOf } from '../signature.js'
import { f32, indices } from '../signature.js'

const isUnit = (x: number): boolean => x >= 0 && x < 1

/** Of the optimizer and of batched statistics. */
export const optimizerAndStatisticsSignatures: SignaturesOf<'adamW' | 'bootstrapMeans' | 'majorityVotes'> = {
  adamW: {
    sizes: { length: 0, step: 1 },
    buffers: {
      parameters: f32('length'),
      gradients: f32('length'),
      firstMoment: f32('length'),
      secondMoment: f32('length'),
    },
    writes: ['parameters', 'firstMoment', 'secondMoment'],
    also: ({ learningRate, betas, epsilon, weightDecay, gradientScale }) => {
      for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay, gradientScale })) {
        if (!Number.isFinite(value)) return `${name} must be a finite number, but is ${value}`
      }
      return isUnit(betas[0]) && isUnit(betas[1]) ? undefined : `betas must be on [0, 1), but are ${betas.join(', ')}`
    },
  },
  bootstrapMeans: {
    sizes: { replicates: 0, n: 1 },
    buffers: { values: f32('n'), uniforms: f32('replicates', 'n'), out: f32('replicates') },
    writes: ['out'],
  },
  majorityVotes: {
    sizes: { trials: 0, k: 1, n: 1, classes: 1 },
    buffers: {
      answers: indices('classes', 'n'),
      rewards: f32('classes'),
      uniforms: f32('trials', 'k'),
      out: f32('trials'),
    },
    writes: ['out'],
  },
}
