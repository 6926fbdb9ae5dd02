import type { ReferenceKernel } from './reference-kernel.js'

/** out += x: a residual connection, forward and backward. */
export const add: ReferenceKernel<'add'> = ({ length, x, out }) => {
  for (let i = 0; i < length; i++) out[i]! += x[i]!
}
