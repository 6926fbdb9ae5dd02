/** dy/dt of a system that does not depend on the time itself. */
export type Derivative = (y: Float64Array) => Float64Array

const plus = (y: Float64Array, step: number, slope: Float64Array): Float64Array =>
  y.map((value, i) => value + step * slope[i]!)

/** One step of the classical Runge–Kutta method of order 4 (Kutta 1901). */
export function rungeKuttaStep(y: Float64Array, h: number, derivative: Derivative): Float64Array {
  const k1 = derivative(y)
  const k2 = derivative(plus(y, h / 2, k1))
  const k3 = derivative(plus(y, h / 2, k2))
  const k4 = derivative(plus(y, h, k3))
  return y.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!))
}

/** Largest estimated error of a step, in each logit. */
export const STEP_TOLERANCE = 1e-10

/** A step that was taken, and how long the next may be. */
export interface TakenStep {
  readonly y: Float64Array
  readonly h: number
  readonly next: number
}

/**
 * A step whose error, estimated by two steps of half its length, is at most `STEP_TOLERANCE`; shorter than asked where
 * it must be. The two half steps are taken, corrected by the estimate.
 */
export function adaptiveStep(y: Float64Array, wanted: number, derivative: Derivative): TakenStep {
  for (let h = wanted; ;) {
    const whole = rungeKuttaStep(y, h, derivative)
    const halves = rungeKuttaStep(rungeKuttaStep(y, h / 2, derivative), h / 2, derivative)
    const correction = halves.map((value, i) => (value === whole[i] ? 0 : (value - whole[i]!) / 15)) // −∞ stays
    const error = correction.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const factor = error === 0 ? 4 : Math.min(4, Math.max(0.2, 0.9 * (STEP_TOLERANCE / error) ** 0.2))
    if (error <= STEP_TOLERANCE) return { y: plus(halves, 1, correction), h, next: h * factor }
    h *= factor
  }
}
