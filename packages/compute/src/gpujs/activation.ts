import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'

/** σ(x) as an expression; beyond −80 it is 0 in f32, and an exponential that overflows is not defined in GLSL. */
export const sigmoid = (x: string): string => `(1 / (1 + Math.exp(Math.min(-(${x}), 80))))`

const relu = 'return Math.max(x[this.thread.x], 0)'

const reluSlope = `let slope = 0
  if (x[this.thread.x] > 0) slope = gradOut[this.thread.x]
  return slope`

// ½·(1 + tanh u) = σ(2u), without cancellation.
const twoU = `const v = x[this.thread.x]
  const twoU = ${2 * Math.sqrt(2 / Math.PI)} * (v + 0.044715 * v * v * v)`

const gelu = `${twoU}
  return v * ${sigmoid('twoU')}`

const geluSlope = `${twoU}
  const twoUSlope = ${2 * Math.sqrt(2 / Math.PI)} * (1 + 3 * 0.044715 * v * v)
  const s = ${sigmoid('twoU')}
  return (s + v * s * ${sigmoid('-twoU')} * twoUSlope) * gradOut[this.thread.x]`

const silu = `const v = x[this.thread.x]
  return v * ${sigmoid('v')}`

const siluSlope = `const v = x[this.thread.x]
  return ${sigmoid('v')} * (1 + v * ${sigmoid('-v')}) * gradOut[this.thread.x]`

/** ReLU, tanh-GELU and SiLU, entry by entry. */
export function activation(compile: Compile): Implementations<Place, 'activation' | 'activationBackward'> {
  const forward = (body: string) => compile({ x: 'array' }, body)
  const backward = (body: string) => compile({ x: 'array', gradOut: 'array' }, body)
  const functions = { relu: forward(relu), gelu: forward(gelu), silu: forward(silu) }
  const slopes = { relu: backward(reluSlope), gelu: backward(geluSlope), silu: backward(siluSlope) }
  return {
    activation: ({ kind, length, x, out }) => out.set(functions[kind]([length], { x })),
    activationBackward: ({ kind, length, x, gradOut, gradX }) => gradX.set(slopes[kind]([length], { x, gradOut })),
  }
}
