import { requireFinite, requireInteger } from '@posttrain/core'
import { flowSteps, requireTraining, type FlowStep, type PatternTraining } from './flow-steps.js'

/** Which share is waited for. */
export interface EscapeOptions {
  /** Index of the pattern. */
  readonly pattern: number
  /** Above 0 and below 1 (default 0.9). */
  readonly share?: number | undefined
  /** Time at which to give up, at least 0 (default 1e6). */
  readonly until?: number | undefined
}

/** To which the time is found, of itself. */
const PRECISION = 1e-9

/**
 * The first time at which the gradient flow has given a pattern a share; 0 if it has it at once.
 *
 * In the slow regime of `regimeOf` this is what γ makes long. In training it is learning rate times steps.
 *
 * @returns to 1e-9 of itself; undefined where it does not happen in time
 * @throws PosttrainError `invalid-argument` for what are no shares, a pattern that does not exist, or a share that is
 *   not between 0 and 1
 * @example
 * ```ts
 * const rewards = [0.9, 0.6, 0.1]
 * escapeTime({ shares: [0.05, 0.7, 0.25], rewards }, { pattern: 0 })!.toFixed(1) // => '114.7'
 * ```
 */
export function escapeTime(training: PatternTraining, options: EscapeOptions): number | undefined {
  const { pattern, share = 0.9, until = 1e6 } = options
  requireTraining(training)
  requireInteger('pattern', pattern, { min: 0, max: training.shares.length - 1 })
  requireFinite('share', share, { above: 0, below: 1 })
  requireFinite('until', until, { min: 0 })
  if (training.shares[pattern]! >= share) return 0
  const isReached = (step: FlowStep, elapsed: number): boolean => step.at(elapsed)[pattern]! >= share
  for (const step of flowSteps(training, until)) {
    if (!isReached(step, step.length)) continue
    let [before, after] = [0, step.length]
    while (after - before > PRECISION * (step.time + after)) {
      const middle = (before + after) / 2
      if (isReached(step, middle)) after = middle
      else before = middle
    }
    return step.time + after <= until ? step.time + after : undefined
  }
  return undefined
}
