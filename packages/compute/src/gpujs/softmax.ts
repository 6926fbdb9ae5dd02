import type { Compile, Gather, Place } from './compile.js'

/** Stands for ∞, which GLSL need not have; finite in f32. */
export const INFINITE = 3e38

/** An entry of at most this is masked: its probability is 0. */
export const MASKED = -1e38

/** Replaces infinities by numbers, for gpu.js. */
export const finite = (x: Place): Float32Array =>
  Float32Array.from(x, (v) => Math.min(Math.max(v, -INFINITE), INFINITE))

/** Replaces these numbers by infinities again. */
export const infinite = (x: Float32Array): Float32Array =>
  x.map((v) => (v <= MASKED ? -Infinity : v >= -MASKED ? Infinity : v))

/** Per row, what makes log softmax(x) = x − max − logSum of it, exact in its largest terms. */
export interface RowStatistics {
  readonly max: Float32Array
  readonly logSum: Float32Array
}

/** The largest entry of each row. */
export const rowMaximum = (compile: Compile): Gather<{ readonly x: 'array'; readonly columns: 'integer' }> =>
  compile(
    { x: 'array', columns: 'integer' },
    `let max = x[this.thread.x * columns]
    for (let j = 1; j < columns; j++) max = Math.max(max, x[this.thread.x * columns + j])
    return max`,
  )

/** The statistics of rows × columns finite entries. */
export function rowStatistics(compile: Compile): (rows: number, columns: number, x: Place) => RowStatistics {
  const maximum = rowMaximum(compile)
  const logSum = compile(
    { x: 'array', max: 'array', columns: 'integer' },
    `let sum = 0
    for (let j = 0; j < columns; j++) {
      const v = x[this.thread.x * columns + j]
      if (v > ${MASKED}) sum += Math.exp(v - max[this.thread.x])
    }
    return Math.log(sum)`,
  )
  return (rows, columns, x) => {
    const max = maximum([rows], { x, columns })
    return { max, logSum: logSum([rows], { x, max, columns }) }
  }
}
