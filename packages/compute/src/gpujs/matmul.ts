import type { Implementations } from '../implementation.js'
import { addInto, type Compile, type Place } from './compile.js'

/** out[i,j] = Σ_l a[i,l]·b[l,j] + bias[j]; the transpositions are strides. */
export function matmul(compile: Compile): Implementations<Place, 'matmul'> {
  const sizes = { k: 'integer', aRow: 'integer', aColumn: 'integer', bRow: 'integer', bColumn: 'integer' } as const
  const product = compile(
    { a: 'array', b: 'array', bias: 'array', biased: 'integer', ...sizes },
    `let sum = 0
    for (let l = 0; l < k; l++) {
      sum += a[this.thread.y * aRow + l * aColumn] * b[l * bRow + this.thread.x * bColumn]
    }
    if (biased > 0) sum += bias[this.thread.x]
    return sum`,
  )
  return {
    matmul({ m, n, k, a, b, out, bias, transposeA, transposeB, accumulate }) {
      const [aRow, aColumn] = transposeA ? [1, m] : [k, 1]
      const [bRow, bColumn] = transposeB ? [1, k] : [n, 1]
      const strides = { aRow, aColumn, bRow, bColumn } as { [K in keyof typeof sizes]: number }
      const values = product([m, n], { a, b, bias: bias ?? b, biased: bias ? 1 : 0, ...strides, k })
      if (accumulate) addInto(out, values)
      else out.set(values)
    },
  }
}
