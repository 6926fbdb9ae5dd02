import { sum } from '@posttrain/core'

/** Logits of a softmax, shifted so that the largest is 0, as its probabilities. */
export function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const weights = logits.map((logit) => Math.exp(logit - largest))
  const total = sum(weights)
  return weights.map((weight) => weight / total)
}

/** What a policy over patterns is trained for. */
export interface PatternObjective {
  /** (patterns): R. */
  readonly rewards: ArrayLike<number>
  /** Weight of the KL to the reference. */
  readonly beta: number
  /** (patterns): log π_ref; −∞ for what it lacks. */
  readonly logReference: Float64Array
}

/** dθ/dt: ∂/∂θ_r of Σ π·R − β·KL(π ‖ π_ref), which is π_r·(A_r − Σ_s π_s·A_s) with A = R − β·log(π/π_ref). */
export function flowDerivative(logits: Float64Array, objective: PatternObjective): Float64Array {
  const { rewards, beta, logReference } = objective
  const shares = softmax(logits)
  const worth = shares.map((share, r) => {
    const penalty = beta === 0 || share === 0 ? 0 : beta * (Math.log(share) - logReference[r]!)
    return rewards[r]! - penalty
  })
  const mean = sum(shares.map((share, r) => share * worth[r]!))
  return shares.map((share, r) => share * (worth[r]! - mean))
}
