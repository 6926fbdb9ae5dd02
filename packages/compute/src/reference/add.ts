import type { ReferenceKernel } from './reference-kernel.js'

/** out += scale·x: a residual connection, forward and backward. */
export const add: ReferenceKernel<'add'> = ({ length, x, out, scale = 1 }) => {
  for (let i = 0; i < length; i++) out[i]! += scale * x[i]!
}
