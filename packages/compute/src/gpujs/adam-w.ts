import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'

/** Both moments, then the parameters from them. */
export function adamW(compile: Compile): Implementations<Place, 'adamW'> {
  const first = compile(
    { m: 'array', gradients: 'array', beta: 'number', rest: 'number' },
    'return beta * m[this.thread.x] + rest * gradients[this.thread.x]',
  )
  const second = compile(
    { v: 'array', gradients: 'array', beta: 'number', rest: 'number' },
    'return beta * v[this.thread.x] + rest * gradients[this.thread.x] * gradients[this.thread.x]',
  )
  const update = compile(
    { p: 'array', m: 'array', v: 'array', keep: 'number', rate: 'number', unbias: 'number', epsilon: 'number' },
    `const step = rate * m[this.thread.x] / (Math.sqrt(v[this.thread.x] * unbias) + epsilon)
    return p[this.thread.x] * keep - step`,
  )
  return {
    adamW({ length, parameters, gradients, firstMoment, secondMoment, step, learningRate, betas, ...settings }) {
      const [beta1, beta2] = betas
      const { gradientScale, weightDecay, epsilon } = settings
      const [rest1, rest2] = [(1 - beta1) * gradientScale, (1 - beta2) * gradientScale ** 2]
      const keep = 1 - learningRate * weightDecay
      const rate = learningRate / (1 - beta1 ** step)
      const unbias = 1 / (1 - beta2 ** step)
      const [m, v] = [firstMoment, secondMoment]
      m.set(first([length], { m, gradients, beta: beta1, rest: rest1 }))
      v.set(second([length], { v, gradients, beta: beta2, rest: rest2 }))
      parameters.set(update([length], { p: parameters, m, v, keep, rate, unbias, epsilon }))
    },
  }
}
