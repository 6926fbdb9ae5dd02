/** The lower triangle L of a positive definite matrix A = L Lᵀ, (size, size) by rows. */
export interface Cholesky {
  /** x with A x = b, for b (size). */
  solve(b: Float64Array): Float64Array
  /** A⁻¹, (size, size) by rows. */
  inverse(): Float64Array
}

/** Part of a diagonal entry that rounding alone can leave of it, per row. */
const ROUNDING = 2 ** -50

/**
 * Factors a symmetric matrix.
 *
 * @param matrix (size, size) by rows; the lower triangle is read
 * @returns undefined for one that is not positive definite, as far as its rounded entries tell
 */
export function cholesky(matrix: Float64Array, size: number): Cholesky | undefined {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j]!
      for (let k = 0; k < j; k++) rest -= lower[i * size + k]! * lower[j * size + k]!
      if (i > j) lower[i * size + j] = rest / lower[j * size + j]!
      else if (rest > ROUNDING * size * matrix[i * size + i]!) lower[i * size + i] = Math.sqrt(rest)
      else return undefined
    }
  }
  const solve = (b: Float64Array): Float64Array => {
    const x = Float64Array.from(b)
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) x[i]! -= lower[i * size + k]! * x[k]!
      x[i]! /= lower[i * size + i]!
    }
    for (let i = size - 1; i >= 0; i--) {
      x[i]! /= lower[i * size + i]!
      for (let k = 0; k < i; k++) x[k]! -= lower[i * size + k]! * x[i]!
    }
    return x
  }
  const inverse = (): Float64Array => {
    const columns = new Float64Array(size * size)
    for (let i = 0; i < size; i++) {
      const unit = new Float64Array(size)
      unit[i] = 1
      columns.set(solve(unit), i * size) // A⁻¹ is symmetric: its columns are its rows
    }
    return columns
  }
  return { solve, inverse }
}
