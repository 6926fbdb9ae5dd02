import type { ReferenceKernel } from './reference-kernel.js'

const c = Math.sqrt(2 / Math.PI)

/** u of the tanh approximation, and du/dx. */
const inner = (x: number): number => c * (x + 0.044715 * x ** 3)
const innerSlope = (x: number): number => c * (1 + 3 * 0.044715 * x ** 2)

/**
 * GELU(x) ≈ ½·x·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³).
 *
 * Hendrycks and Gimpel, Gaussian Error Linear Units, section 2, https://arxiv.org/abs/1606.08415
 */
const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(inner(x)))

/** ½·(1 + tanh u) + ½·x·(1 − tanh² u)·u′ */
function geluSlope(x: number): number {
  const t = Math.tanh(inner(x))
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * innerSlope(x)
}

const relu = (x: number): number => Math.max(x, 0)

/** The slope at 0 is 0, as everywhere in the field. */
const reluSlope = (x: number): number => (x > 0 ? 1 : 0)

/** 1 / (1 + exp(−x)), without overflow. */
export const sigmoid = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))

/** SiLU(x) = x·σ(x). Elfwing, Uchibe and Doya 2017, eq. 5, https://arxiv.org/abs/1702.03118 */
export const silu = (x: number): number => x * sigmoid(x)

/** σ(x)·(1 + x·(1 − σ(x))) */
export const siluSlope = (x: number): number => sigmoid(x) * (1 + x * sigmoid(-x))

const functions = { relu, gelu, silu }
const slopes = { relu: reluSlope, gelu: geluSlope, silu: siluSlope }

/** out = f(x), entry by entry. */
export const activation: ReferenceKernel<'activation'> = ({ kind, length, x, out }) => {
  const f = functions[kind]
  for (let i = 0; i < length; i++) out[i] = f(x[i]!)
}

/** gradX = f′(x)·gradOut, entry by entry. */
export const activationBackward: ReferenceKernel<'activationBackward'> = ({ kind, length, x, gradOut, gradX }) => {
  const slope = slopes[kind]
  for (let i = 0; i < length; i++) gradX[i] = slope(x[i]!) * gradOut[i]!
}
