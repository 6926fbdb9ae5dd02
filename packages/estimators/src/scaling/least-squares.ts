import { mean, sum } from '@posttrain/core'

/** A straight line. */
export interface Line {
  readonly slope: number
  readonly intercept: number
}

/** The line through points of at least two different x with the least Σ (y − intercept − slope·x)². */
export function leastSquares(x: readonly number[], y: readonly number[]): Line {
  const [meanX, meanY] = [mean(x), mean(y)]
  const covariance = sum(x.map((value, i) => (value - meanX) * (y[i]! - meanY)))
  const slope = covariance / sum(x.map((value) => (value - meanX) ** 2))
  return { slope, intercept: meanY - slope * meanX }
}
