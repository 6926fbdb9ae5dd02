import fc from 'fast-check'
import { calls, size, zeros } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'

/** The optimiser, and statistics of what was sampled. */
export const optimizerAndStatisticsCases: Readonly<Record<string, KernelCase>> = {
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
  bootstrapMeans: {
    bound: 2e-6,
    outputs: ['out'],
    calls: calls({ replicates: size(0, 40), n: size(1, 70) }, ({ replicates, n }, d) => ({
      values: d.normal(n),
      uniforms: d.uniform(replicates * n),
      out: zeros(replicates),
    })),
  },
  majorityVotes: {
    bound: 1e-6,
    outputs: ['out'],
    calls: calls(
      { trials: size(0, 40), k: size(1, 20), n: size(1, 40), classes: size(1, 9) },
      ({ trials, k, n, classes }, d) => ({
        answers: d.indices(n, classes),
        rewards: d.normal(classes),
        uniforms: d.uniform(trials * k),
        out: zeros(trials),
      }),
    ),
  },
}
