import type { ReferenceKernel } from './reference-kernel.js'

/** out[j] += Σ_i x[i,j]: the gradient of a bias. */
export const sumRows: ReferenceKernel<'sumRows'> = ({ rows, columns, x, out }) => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j]! += x[i * columns + j]!
  }
}
