import { requireFinite } from '@posttrain/core'
import { flowDerivative, softmax } from './flow-derivative.js'
import { optimalShares } from './optimal-shares.js'
import { requirePatterns } from './require-patterns.js'
import { adaptiveStep, rungeKuttaStep, STEP_TOLERANCE, type Derivative } from './runge-kutta.js'

/** A policy over patterns and what it is trained for. */
export interface PatternTraining {
  /** (patterns): shares at t = 0, adding up to 1; the reference of the penalty too. */
  readonly shares: ArrayLike<number>
  /** (patterns): R, for instance the success rate of each, or its `confidence`. */
  readonly rewards: ArrayLike<number>
  /** Weight of the KL penalty to the initial policy; at least 0 (default 0). */
  readonly beta?: number | undefined
}

/** A stretch of the flow. */
export interface FlowStep {
  /** Where it begins. */
  readonly time: number
  /** How long it is. */
  readonly length: number
  /** (patterns): shares so long after its beginning. */
  at(elapsed: number): Float64Array
}

/** By how much shares may differ from those that training with a penalty ends in, to be there. */
const REST = 1e-9

const isNear = (shares: Float64Array, end: Float64Array | undefined): boolean =>
  end !== undefined && shares.every((share, r) => Math.abs(share - end[r]!) <= REST)

/** The flow's derivative in the logits. @throws PosttrainError `invalid-argument` for what cannot be trained */
export function requireTraining({ shares, rewards, beta = 0 }: PatternTraining): Derivative {
  requirePatterns('shares', shares, rewards)
  requireFinite('beta', beta, { min: 0 })
  const objective = { rewards, beta, logReference: logitsOf(shares) }
  return (y) => flowDerivative(y, objective)
}

/**
 * The flow from t = 0 to `until`, in steps whose estimated error is at most `STEP_TOLERANCE` in each logit. It is at
 * rest where less than that is left to move, or where a penalty holds it to `REST`: the solver would tremble there.
 */
export function* flowSteps(training: PatternTraining, until: number): Generator<FlowStep> {
  const derivative = requireTraining(training)
  const { shares, rewards, beta = 0 } = training
  const end = beta > 0 ? optimalShares(shares, rewards, beta) : undefined
  let from = logitsOf(shares)
  let [time, wanted] = [0, 1]
  while (time <= until) {
    const start = from
    const speed = derivative(start).reduce((most, slope) => Math.max(most, Math.abs(slope)), 0)
    if (speed * (until - time) <= STEP_TOLERANCE || isNear(softmax(start), end)) {
      yield { time, length: until - time, at: () => softmax(start) }
      return
    }
    const { y, h, next } = adaptiveStep(start, wanted, derivative)
    yield { time, length: h, at: (elapsed) => softmax(rungeKuttaStep(start, elapsed, derivative)) }
    from = y
    time += h
    wanted = next
  }
}

const logitsOf = (shares: ArrayLike<number>): Float64Array => Float64Array.from(shares, Math.log)
