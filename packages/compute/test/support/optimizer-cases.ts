import fc from 'fast-check'
import { calls, size } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'

/** Updates of parameters. */
export const optimizerCases: Readonly<Record<string, KernelCase>> = {
  adamW: {
    bound: 1e-6,
    outputs: ['parameters', 'firstMoment', 'secondMoment'],
    calls: calls(
      {
        length: size(0, 100),
        step: size(1, 20),
        learningRate: fc.constantFrom(1e-3, 0.1),
        betas: fc.constantFrom([0.9, 0.95], [0, 0], [0.9, 0.999]),
        epsilon: fc.constant(1e-8),
        weightDecay: fc.constantFrom(0, 0.1),
        gradientScale: fc.constantFrom(1, 0.25),
      },
      ({ length }, d) => ({
        parameters: d.normal(length),
        gradients: d.normal(length),
        firstMoment: d.normal(length),
        secondMoment: d.uniform(length),
      }),
    ),
  },
}
