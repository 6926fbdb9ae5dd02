import { invalidArgument, requireFinite } from '@posttrain/core'
import { flowSteps, requireTraining, type PatternTraining } from './flow-steps.js'

/**
 * The shares of patterns along the gradient flow of a softmax policy, dθ/dt = ∇(Σ_r π(r)·R(r) − β·KL(π ‖ π₀)).
 *
 * For β = 0 that is dθ_r/dt = π_r·(R_r − ACC). Plain gradient ascent with rate η is after n steps where the flow is at
 * t = η·n, up to O(η). Success within patterns does not change: assumption 5.1 of Chen, Li & Zou 2025,
 * https://arxiv.org/abs/2506.04695.
 *
 * It is solved by the Runge–Kutta method of order 4 with steps whose estimated error is at most 1e-10 in each logit.
 *
 * @param training where it starts and what it is for
 * @param times ascending, from 0 on
 * @returns (times)(patterns)
 * @throws PosttrainError `invalid-argument` for what are no shares, or times that do not ascend
 * @example
 * ```ts
 * const [start, later] = gradientFlow({ shares: [0.5, 0.3, 0.2], rewards: [0.9, 0.4, 0.3] }, [0, 10])
 * start![0] // => 0.5
 * later![0] // => 0.835615
 * ```
 */
export function gradientFlow(training: PatternTraining, times: readonly number[]): Float64Array[] {
  requireTraining(training)
  times.forEach((time, i) => {
    requireFinite(`times[${i}]`, time, { min: 0 })
    if (i > 0 && time < times[i - 1]!) {
      throw invalidArgument(`times[${i}] is ${time}, after ${times[i - 1]}`, 'sort the times')
    }
  })
  const found: Float64Array[] = []
  for (const step of flowSteps(training, times.at(-1) ?? -1)) {
    while (times[found.length]! <= step.time + step.length) found.push(step.at(times[found.length]! - step.time))
  }
  return found
}
