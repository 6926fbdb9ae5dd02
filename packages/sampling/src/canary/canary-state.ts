import { addUsage, NO_USAGE, requireFinite, type Interval, type Usage } from '@posttrain/core'
import type { TimedDecision } from '../run-procedure.js'

/**
 * What is known of b beside a. `better` and `worse`: the interval of the difference leaves out 0. `not-worse`: it
 * leaves out a loss of the margin or more. Each may be acted on at any time.
 */
export type CanaryVerdict = 'better' | 'worse' | 'not-worse' | 'undecided'

/** What one side did, and what that cost. */
export interface ArmTotals {
  readonly decisions: number
  /** Decisions without an answer. */
  readonly abstained: number
  /** Decisions that the reward gave no score; what they count as is the policy's. */
  readonly unscored: number
  /** Mean reward of those that count; NaN where none does. */
  readonly meanReward: number
  readonly samples: number
  readonly usage: Usage
  readonly judging: Usage
  /** Sum of the wall times of its decisions. */
  readonly seconds: number
}

/** What a canary has seen so far. */
export interface CanaryState {
  readonly a: ArmTotals
  readonly b: ArmTotals
  /** Estimate of the mean reward of b less that of a. */
  readonly difference: number
  /** It holds the true difference at every look at once, with the chance of its level. */
  readonly interval: Interval
  readonly verdict: CanaryVerdict
}

/** @param margin that a loss must stay below to be none; absent: any loss is one */
export function canaryVerdict({ lower, upper }: Interval, margin: number | undefined): CanaryVerdict {
  if (lower > 0) return 'better'
  if (upper < 0) return 'worse'
  return margin !== undefined && lower > -margin ? 'not-worse' : 'undecided'
}

/** @throws PosttrainError `invalid-argument` for a margin that is not above 0 */
export const requireMargin = (margin: number | undefined): void => {
  if (margin !== undefined) requireFinite('margin', margin, { above: 0 })
}

/** Adds up one side. */
export class Arm {
  #totals: Omit<ArmTotals, 'meanReward'> = {
    decisions: 0,
    abstained: 0,
    unscored: 0,
    samples: 0,
    usage: NO_USAGE,
    judging: NO_USAGE,
    seconds: 0,
  }
  #rewards = 0
  #counted = 0

  /** @param reward that counts; undefined for a decision that is left out */
  add(
    { sample, samples, usage, judging, seconds }: TimedDecision,
    isScored: boolean,
    reward: number | undefined,
  ): void {
    const before = this.#totals
    this.#totals = {
      decisions: before.decisions + 1,
      abstained: before.abstained + (sample ? 0 : 1),
      unscored: before.unscored + (isScored ? 0 : 1),
      samples: before.samples + samples.length,
      usage: addUsage([before.usage, usage]),
      judging: addUsage([before.judging, judging]),
      seconds: before.seconds + seconds,
    }
    if (reward === undefined) return
    this.#rewards += reward
    this.#counted++
  }

  /** Gives a decision its reward that was added without a score. */
  scoreUnscored(reward: number): void {
    this.#totals = { ...this.#totals, unscored: this.#totals.unscored - 1 }
    this.#rewards += reward
    this.#counted++
  }

  get totals(): ArmTotals {
    return { ...this.#totals, meanReward: this.#rewards / this.#counted }
  }
}
