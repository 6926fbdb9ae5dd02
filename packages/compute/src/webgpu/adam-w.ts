import { defineProgram } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

const program = defineProgram({
  name: 'adamW',
  operands: { parameters: 'f32', gradients: 'f32', firstMoment: 'f32', secondMoment: 'f32' },
  writes: ['parameters', 'firstMoment', 'secondMoment'],
  sizes: ['length'],
  numbers: ['beta1', 'rest1', 'beta2', 'rest2', 'keep', 'rate', 'unbias', 'epsilon', 'gradientScale'],
  body: `
  if (index >= u.length) { return; }
  let g = gradients(index) * u.gradientScale;
  let m = u.beta1 * firstMoment(index) + u.rest1 * g;
  let v = u.beta2 * secondMoment(index) + u.rest2 * g * g;
  set_parameters(index, parameters(index) * u.keep - u.rate * m / (sqrt(v * u.unbias) + u.epsilon));
  set_firstMoment(index, m);
  set_secondMoment(index, v);
`,
})

/** One update. Factors that depend on the step are computed here, in float64. */
export const adamW: WebGpuKernel<'adamW'> = (gpu, args) => {
  const { length, parameters, gradients, firstMoment, secondMoment, step, learningRate, betas } = args
  const [beta1, beta2] = betas
  gpu.run(program, {
    groups: groupsFor(length),
    operands: { parameters, gradients, firstMoment, secondMoment },
    settings: {
      length,
      ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 },
      keep: 1 - learningRate * args.weightDecay,
      rate: learningRate / (1 - beta1 ** step),
      unbias: 1 / (1 - beta2 ** step),
      epsilon: args.epsilon,
      gradientScale: args.gradientScale,
    },
  })
}
