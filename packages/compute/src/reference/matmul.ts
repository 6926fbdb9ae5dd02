import type { ReferenceKernel } from './reference-kernel.js'

/** out[i,j] = Σ_l a[i,l]·b[l,j] + bias[j], on top of what is in `out` with `accumulate`. */
export const matmul: ReferenceKernel<'matmul'> = ({ m, n, k, a, b, out, bias, transposeA, transposeB, accumulate }) => {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = bias?.[j] ?? 0
      for (let l = 0; l < k; l++) {
        sum += a[transposeA ? l * m + i : i * k + l]! * b[transposeB ? j * k + l : l * n + j]!
      }
      out[i * n + j] = accumulate ? out[i * n + j]! + sum : sum
    }
  }
}
