import type { Implementations } from '../implementation.js'
import { EPSILON } from '../kernels/normalisation.js'
import { addInto, type Compile, type Place } from './compile.js'

/** The reciprocal root mean square per row, then the outputs entry by entry. */
export function rmsNorm(compile: Compile): Implementations<Place, 'rmsNorm' | 'rmsNormBackward'> {
  const reciprocal = compile(
    { x: 'array', columns: 'integer', epsilon: 'number' },
    `let sum = 0
    for (let j = 0; j < columns; j++) sum += x[this.thread.x * columns + j] * x[this.thread.x * columns + j]
    return 1 / Math.sqrt(sum / columns + epsilon)`,
  )
  const normalise = compile(
    { x: 'array', gain: 'array', r: 'array', columns: 'integer' },
    'return gain[this.thread.x] * x[this.thread.y * columns + this.thread.x] * r[this.thread.y]',
  )
  // mean d·x̂ with d = g·∂y
  const means = compile(
    { x: 'array', gain: 'array', r: 'array', gradOut: 'array', columns: 'integer' },
    `let sum = 0
    for (let j = 0; j < columns; j++) {
      sum += gain[j] * gradOut[this.thread.x * columns + j] * x[this.thread.x * columns + j] * r[this.thread.x]
    }
    return sum / columns`,
  )
  const gradient = compile(
    { x: 'array', gain: 'array', r: 'array', gradOut: 'array', mean: 'array', columns: 'integer' },
    `const d = gain[this.thread.x] * gradOut[this.thread.y * columns + this.thread.x]
    const normalised = x[this.thread.y * columns + this.thread.x] * r[this.thread.y]
    return r[this.thread.y] * (d - normalised * mean[this.thread.y])`,
  )
  const gains = compile(
    { x: 'array', r: 'array', gradOut: 'array', rows: 'integer', columns: 'integer' },
    `let sum = 0
    for (let i = 0; i < rows; i++) {
      sum += gradOut[i * columns + this.thread.x] * x[i * columns + this.thread.x] * r[i]
    }
    return sum`,
  )
  return {
    rmsNorm({ rows, columns, x, gain, out, statistics, epsilon = EPSILON }) {
      statistics.set(reciprocal([rows], { x, columns, epsilon }))
      out.set(normalise([rows, columns], { x, gain, r: statistics, columns }))
    },
    rmsNormBackward({ rows, columns, x, gain, statistics: r, gradOut, gradX, gradGain }) {
      const mean = means([rows], { x, gain, r, gradOut, columns })
      addInto(gradX, gradient([rows, columns], { x, gain, r, gradOut, mean, columns }))
      addInto(gradGain, gains([columns], { x, r, gradOut, rows, columns }))
    },
  }
}
