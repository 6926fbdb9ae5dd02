import { silu, siluSlope } from './activation.js'
import type { ReferenceKernel } from './reference-kernel.js'

/**
 * out = SiLU(gate)·up.
 *
 * Shazeer, GLU Variants Improve Transformer, eq. 5, https://arxiv.org/abs/2002.05202
 */
export const swiglu: ReferenceKernel<'swiglu'> = ({ rows, columns, x, out }) => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      out[i * columns + j] = silu(x[2 * i * columns + j]!) * x[(2 * i + 1) * columns + j]!
    }
  }
}

/** ∂gate = SiLU′(gate)·up·∂out; ∂up = SiLU(gate)·∂out. */
export const swigluBackward: ReferenceKernel<'swigluBackward'> = ({ rows, columns, x, gradOut, gradX }) => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [gateAt, upAt] = [2 * i * columns + j, (2 * i + 1) * columns + j]
      const [gate, up, grad] = [x[gateAt]!, x[upAt]!, gradOut[i * columns + j]!]
      gradX[gateAt] = siluSlope(gate) * up * grad
      gradX[upAt] = silu(gate) * grad
    }
  }
}
