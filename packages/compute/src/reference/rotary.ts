import type { ReferenceKernel } from './reference-kernel.js'

/**
 * (x_i, x_{i+d/2}) ← (x_i·cos − x_{i+d/2}·sin, x_{i+d/2}·cos + x_i·sin) with the i-th angle of the row's position.
 *
 * Su et al., RoFormer, eq. 34, https://arxiv.org/abs/2104.09864, with the pairs that Llama's checkpoints have.
 */
export const rotary: ReferenceKernel<'rotary'> = (args) => {
  const { rows, heads, headSize, columns, x, positions, angles, inverse } = args
  const half = headSize / 2
  for (let row = 0; row < rows; row++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < half; i++) {
        const cosine = angles[positions[row]! * headSize + i]!
        const sine = angles[positions[row]! * headSize + half + i]! * (inverse ? -1 : 1)
        const at = row * columns + h * headSize + i
        const [a, b] = [x[at]!, x[at + half]!]
        x[at] = a * cosine - b * sine
        x[at + half] = b * cosine + a * sine
      }
    }
  }
}
