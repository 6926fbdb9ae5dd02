import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

/** The first index of the largest entry. */
const argmax = (x: Float64Array): number => x.reduce((best, value, v) => (value > x[best]! ? v : best), 0)

/** The smallest v with Σ_{j ≤ v} p_j > u; if rounding leaves none, the last v with p_v > 0. */
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

/** p with 0 for the tokens that are not kept, renormalised. */
function keep(p: Float64Array, kept: (p: number) => boolean): Float64Array {
  const cut = p.map((x) => (kept(x) ? x : 0))
  const total = cut.reduce((sum, x) => sum + x, 0)
  return cut.map((x) => x / total)
}

/** The k-th largest entry, or the smallest if there are fewer. */
const kthLargest = (x: Float64Array, k: number): number => x.slice().sort().at(-Math.min(k, x.length))!

/** The smallest probability that has a mass below `topP` before it. */
function nucleusBorder(p: Float64Array, topP: number): number {
  let before = 0
  let border = Infinity
  for (const x of p.slice().sort().reverse()) {
    if (before >= topP && x < border) break
    border = x
    before += x
  }
  return border
}

/** One token per row from softmax(logits/temperature), cut, by inversion, and its log-prob at temperature 1. */
export const sampleTokens: ReferenceKernel<'sampleTokens'> = (args) => {
  const { rows, vocabulary, logits, uniforms, temperature, tokens, logprob, topK = vocabulary, topP = 1 } = args
  const { minP = 0 } = args
  const draw = (x: Float64Array, u: number): number => {
    if (temperature === 0) return argmax(x)
    let p: Float64Array = logSoftmax(x.map((v) => v / temperature)).map(Math.exp)
    const kth = kthLargest(x, topK)
    p = p.map((q, v) => (x[v]! >= kth ? q : 0))
    if (topK < vocabulary) p = keep(p, (q) => q > 0)
    if (topP < 1) {
      const border = nucleusBorder(p, topP)
      p = keep(p, (q) => q >= border)
    }
    if (minP > 0) {
      const largest = Math.max(...p)
      p = keep(p, (q) => q >= minP * largest)
    }
    return invert(p, u)
  }
  for (let row = 0; row < rows; row++) {
    const x = Float64Array.from(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
    const token = draw(x, uniforms[row]!)
    tokens[row] = token
    logprob[row] = logSoftmax(x)[token]!
  }
}
