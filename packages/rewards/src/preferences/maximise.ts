import { cholesky, type Cholesky } from './cholesky.js'
import { likelihoodOf, type Choice, type Likelihood } from './choices.js'

/** Where the likelihood of choices is greatest. */
export interface Maximum {
  /** (size): the abilities, of sum 0, then the other parameters. */
  readonly parameters: Float64Array
  /** Without the penalty. */
  readonly logLikelihood: number
  /** (size, size) by rows: that of every difference of abilities, and of the other parameters. */
  readonly covariance: Float64Array
}

/** How many parameters there are, and what they cost. */
export interface Sizes {
  /** Abilities, of which only differences matter; they come first. */
  readonly items: number
  /** All parameters. */
  readonly size: number
  /** λ of the penalty λ/2 · Σ ability². */
  readonly ridge: number
}

/** Newton doubles the digits at each step near the maximum, so that after a step below this there are 15. */
const SMALL_STEP = 1e-8
/** Far more steps than any maximum needs; where there is none, each goes on by about 1. */
const MOST_STEPS = 100

/**
 * Maximises Σ w log P(chosen) − λ/2 · Σ ability² by Newton's method.
 *
 * @returns undefined where parameters are not determined, or grow for ever
 */
export function maximise(choices: readonly Choice[], sizes: Sizes): Maximum | undefined {
  let parameters: Float64Array = new Float64Array(sizes.size)
  let found = likelihoodOf(choices, parameters)
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = curvature(found, sizes)?.solve(slope(found, parameters, sizes))
    if (step === undefined) return undefined
    const next = climb(choices, parameters, step, penalised(found, parameters, sizes), sizes)
    ;({ parameters, found } = next)
    if (!step.every((change) => Math.abs(change) <= SMALL_STEP)) continue
    const covariance = curvature(found, sizes)?.inverse()
    return covariance && { parameters, logLikelihood: found.value, covariance }
  }
  return undefined
}

/** Goes by the step, or by the largest half, quarter … of it that does not lead down. */
function climb(
  choices: readonly Choice[],
  from: Float64Array,
  step: Float64Array,
  height: number,
  sizes: Sizes,
): { readonly parameters: Float64Array; readonly found: Likelihood } {
  const rounding = 1e-12 * Math.abs(height)
  for (let part = 1; ; part /= 2) {
    const parameters = from.map((value, i) => value + part * step[i]!)
    const found = likelihoodOf(choices, parameters)
    if (penalised(found, parameters, sizes) >= height - rounding || part < SMALL_STEP) return { parameters, found }
  }
}

const penalised = ({ value }: Likelihood, parameters: Float64Array, { items, ridge }: Sizes): number =>
  value - (ridge / 2) * parameters.subarray(0, items).reduce((total, ability) => total + ability ** 2, 0)

const slope = ({ gradient }: Likelihood, parameters: Float64Array, { items, ridge }: Sizes): Float64Array =>
  gradient.map((value, i) => (i < items ? value - ridge * parameters[i]! : value))

/**
 * Minus the second derivative, factored. That of a shift of all abilities is 0, or λ: adding 1 to each pair of them
 * makes it positive and changes neither the steps, of sum 0, nor the variance of any difference.
 */
function curvature({ information }: Likelihood, { items, size, ridge }: Sizes): Cholesky | undefined {
  const matrix = Float64Array.from(information)
  let trace = 0
  for (let i = 0; i < items; i++) trace += information[i * size + i]!
  const shift = trace / items ** 2 || 1
  for (let i = 0; i < items; i++) {
    for (let j = 0; j < items; j++) matrix[i * size + j]! += shift
    matrix[i * size + i]! += ridge
  }
  return cholesky(matrix, size)
}
