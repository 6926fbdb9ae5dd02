import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

/** The first index of the largest entry. */
const argmax = (x: Float64Array): number => x.reduce((best, value, v) => (value > x[best]! ? v : best), 0)

/** The smallest v with Σ_{j ≤ v} p_j > u; rounding may leave the sum short of u, then the last v with p_v > 0. */
function invert(p: Float64Array, u: number): number {
  let sum = 0
  let last = 0
  for (let v = 0; v < p.length; v++) {
    if (p[v] === 0) continue
    last = v
    sum += p[v]!
    if (sum > u) break
  }
  return last
}

/** One token per row from softmax(logits/temperature) by inversion, and its log-prob at temperature 1. */
export const sampleTokens: ReferenceKernel<'sampleTokens'> = (args) => {
  const { rows, vocabulary, logits, uniforms, temperature, tokens, logprob } = args
  for (let row = 0; row < rows; row++) {
    const x = Float64Array.from(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
    const token =
      temperature === 0 ? argmax(x) : invert(logSoftmax(x.map((v) => v / temperature)).map(Math.exp), uniforms[row]!)
    tokens[row] = token
    logprob[row] = logSoftmax(x)[token]!
  }
}
