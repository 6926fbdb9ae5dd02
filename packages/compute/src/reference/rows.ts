import type { ReferenceKernel } from './reference-kernel.js'

/** out[row] = source[indices[row]]. */
export const gatherRows: ReferenceKernel<'gatherRows'> = ({ rows, columns, source, indices, out }) => {
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) out[row * columns + j] = source[indices[row]! * columns + j]!
  }
}

/** out[indices[row]] += source[row]. */
export const scatterAddRows: ReferenceKernel<'scatterAddRows'> = ({ rows, columns, source, indices, out }) => {
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) out[indices[row]! * columns + j]! += source[row * columns + j]!
  }
}
