import { invalidArgument, mean, requireFinite, requireInteger, sum } from '@posttrain/core'
import { flowDerivative } from './flow-derivative.js'
import { optimalShares } from './optimal-shares.js'
import { meanReward, requireShares } from './require-patterns.js'

/**
 * The reward of training on confidence (RLIF): −(1/|A|) Σ_a log π(a), in nats.
 *
 * It is KL(uniform ‖ π) + log |A|, least for the uniform distribution, and knows nothing of which answer is right.
 * Chen, Li & Zou 2025, https://arxiv.org/abs/2506.04695.
 *
 * @param answers (answers): π(a | pattern), each above 0, adding up to 1
 * @throws PosttrainError `invalid-argument` for what are no probabilities, or one of 0: the reward would be infinite
 * @example
 * ```ts
 * confidence([0.5, 0.5]) // => 0.693147
 * confidence([0.1, 0.9]) > confidence([0.8, 0.2]) // => true
 * ```
 */
export function confidence(answers: ArrayLike<number>): number {
  requireShares('answers', answers)
  for (let a = 0; a < answers.length; a++) requireFinite(`answers[${a}]`, answers[a]!, { above: 0 })
  return -mean(Float64Array.from(answers, Math.log))
}

/** A policy over patterns, with what each pattern answers. */
export interface AnsweringPatterns {
  /** (patterns): π_ref, adding up to 1. */
  readonly shares: ArrayLike<number>
  /** (patterns)(answers): π(a | pattern), each above 0, adding up to 1. */
  readonly answers: readonly ArrayLike<number>[]
  /** Index of the right answer (default 0). */
  readonly correct?: number | undefined
  /** Weight of the KL penalty, above 0. */
  readonly beta: number
}

/** What training for one reward does to the policy. */
export interface RewardRow {
  readonly reward: 'correctness' | 'confidence'
  /** (patterns). */
  readonly rewards: Float64Array
  /** dACC/dt of the gradient flow at its start, without the penalty. */
  readonly initialGain: number
  /** (patterns): `optimalShares`. */
  readonly shares: Float64Array
  /** Of those shares. */
  readonly accuracy: number
}

/**
 * Training on correctness and on confidence, side by side and exact: both choose patterns, by p(correct | r) and by
 * `confidence`.
 *
 * @returns the two rows, in this order
 * @throws PosttrainError `invalid-argument` as `confidence` and `optimalShares`, or for patterns that do not have as
 *   many answers as each other
 * @example
 * ```ts
 * // The second pattern is surely wrong.
 * const patterns = { shares: [0.5, 0.5], answers: [[0.8, 0.2], [0.1, 0.9]], beta: 0.01 }
 * confidenceRows(patterns).map(({ accuracy }) => accuracy.toFixed(3)) // => ['0.800', '0.100']
 * ```
 */
export function confidenceRows({ shares, answers, correct = 0, beta }: AnsweringPatterns): readonly RewardRow[] {
  const { length } = answers[0] ?? []
  answers.forEach((row, r) => {
    if (row.length !== length) {
      throw invalidArgument(`answers[${r}] has ${row.length} answers, but answers[0] has ${length}`)
    }
  })
  requireInteger('correct', correct, { min: 0, max: length - 1 })
  const sure = Float64Array.from(answers, confidence)
  const right = Float64Array.from(answers, (row) => row[correct]!)
  const row = (reward: RewardRow['reward'], rewards: Float64Array): RewardRow => {
    const optimal = optimalShares(shares, rewards, beta)
    const initialGain = gainOf(shares, rewards, right)
    return { reward, rewards, initialGain, shares: optimal, accuracy: meanReward(optimal, right) }
  }
  return [row('correctness', right), row('confidence', sure)]
}

/** dACC/dt = Σ_r p_r·dπ_r/dt with dπ_r/dt = π_r·(dθ_r/dt − Σ_s π_s·dθ_s/dt). */
function gainOf(shares: ArrayLike<number>, rewards: Float64Array, right: Float64Array): number {
  const logits = Float64Array.from(shares, Math.log)
  const slopes = flowDerivative(logits, { rewards, beta: 0, logReference: logits })
  const common = meanReward(shares, slopes)
  return sum(slopes.map((slope, r) => shares[r]! * (slope - common) * right[r]!))
}
