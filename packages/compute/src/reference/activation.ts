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

/** out = f(x), entry by entry. */
export const activation: ReferenceKernel<'activation'> = ({ kind, length, x, out }) => {
  const f = kind === 'gelu' ? gelu : relu
  for (let i = 0; i < length; i++) out[i] = f(x[i]!)
}

/** gradX = f′(x)·gradOut, entry by entry. */
export const activationBackward: ReferenceKernel<'activationBackward'> = ({ kind, length, x, gradOut, gradX }) => {
  const slope = kind === 'gelu' ? geluSlope : reluSlope
  for (let i = 0; i < length; i++) gradX[i] = slope(x[i]!) * gradOut[i]!
}
