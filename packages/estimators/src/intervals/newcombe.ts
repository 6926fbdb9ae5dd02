import type { Interval } from '@posttrain/core'

/** A mean with its interval. */
export interface BoundedMean {
  readonly mean: number
  readonly interval: Interval
}

/**
 * The interval of the difference of two independent means, b − a, from the intervals of both, by the squares of how far
 * these reach (Newcombe 1998, method 10): from d − √((m_b − l_b)² + (uₐ − mₐ)²) to d + √((u_b − m_b)² + (mₐ − lₐ)²).
 */
export function newcombeInterval(a: BoundedMean, b: BoundedMean): Interval {
  const difference = b.mean - a.mean
  const { level, method } = a.interval
  return {
    lower: difference - Math.hypot(b.mean - b.interval.lower, a.interval.upper - a.mean),
    upper: difference + Math.hypot(b.interval.upper - b.mean, a.mean - a.interval.lower),
    level,
    method: `newcombe-${method}`,
  }
}
