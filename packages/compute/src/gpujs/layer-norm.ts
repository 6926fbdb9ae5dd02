import type { Implementations } from '../implementation.js'
import { EPSILON } from '../kernels/normalisation.js'
import { addInto, type Compile, type Place } from './compile.js'

/** The mean and then the variance of each row; the outputs follow entry by entry. */
export function layerNorm(compile: Compile): Implementations<Place, 'layerNorm' | 'layerNormBackward'> {
  const rowMean = compile(
    { x: 'array', columns: 'integer' },
    `let sum = 0
    for (let j = 0; j < columns; j++) sum += x[this.thread.x * columns + j]
    return sum / columns`,
  )
  const reciprocal = compile(
    { x: 'array', mean: 'array', columns: 'integer', epsilon: 'number' },
    `let sum = 0
    for (let j = 0; j < columns; j++) {
      const centred = x[this.thread.x * columns + j] - mean[this.thread.x]
      sum += centred * centred
    }
    return 1 / Math.sqrt(sum / columns + epsilon)`,
  )
  const normalise = compile(
    { x: 'array', gain: 'array', bias: 'array', statistics: 'array', columns: 'integer' },
    `const centred = x[this.thread.y * columns + this.thread.x] - statistics[2 * this.thread.y]
    return gain[this.thread.x] * centred * statistics[2 * this.thread.y + 1] + bias[this.thread.x]`,
  )
  // Column 0: mean d; column 1: mean d·x̂, with d = g·∂y.
  const means = compile(
    { x: 'array', gain: 'array', statistics: 'array', gradOut: 'array', columns: 'integer' },
    `let sum = 0
    for (let j = 0; j < columns; j++) {
      let factor = 1
      if (this.thread.x > 0) {
        factor = (x[this.thread.y * columns + j] - statistics[2 * this.thread.y]) * statistics[2 * this.thread.y + 1]
      }
      sum += gain[j] * gradOut[this.thread.y * columns + j] * factor
    }
    return sum / columns`,
  )
  const gradient = compile(
    { x: 'array', gain: 'array', statistics: 'array', gradOut: 'array', mean: 'array', columns: 'integer' },
    `const r = statistics[2 * this.thread.y + 1]
    const normalised = (x[this.thread.y * columns + this.thread.x] - statistics[2 * this.thread.y]) * r
    const d = gain[this.thread.x] * gradOut[this.thread.y * columns + this.thread.x]
    return r * (d - mean[2 * this.thread.y] - normalised * mean[2 * this.thread.y + 1])`,
  )
  // Row 0: ∂g = Σ ∂y·x̂; row 1: ∂b = Σ ∂y.
  const parameters = compile(
    { x: 'array', statistics: 'array', gradOut: 'array', rows: 'integer', columns: 'integer' },
    `let sum = 0
    for (let i = 0; i < rows; i++) {
      let factor = 1
      if (this.thread.y < 1) factor = (x[i * columns + this.thread.x] - statistics[2 * i]) * statistics[2 * i + 1]
      sum += gradOut[i * columns + this.thread.x] * factor
    }
    return sum`,
  )
  return {
    layerNorm({ rows, columns, x, gain, bias, out, statistics, epsilon = EPSILON }) {
      const mean = rowMean([rows], { x, columns })
      const r = reciprocal([rows], { x, mean, columns, epsilon })
      for (let i = 0; i < rows; i++) statistics.set([mean[i]!, r[i]!], 2 * i)
      out.set(normalise([rows, columns], { x, gain, bias, statistics, columns }))
    },
    layerNormBackward({ rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias }) {
      const mean = means([rows, 2], { x, gain, statistics, gradOut, columns })
      addInto(gradX, gradient([rows, columns], { x, gain, statistics, gradOut, mean, columns }))
      const sums = parameters([2, columns], { x, statistics, gradOut, rows, columns })
      addInto(gradGain, sums.subarray(0, columns))
      addInto(gradBias, sums.subarray(columns))
    },
  }
}
