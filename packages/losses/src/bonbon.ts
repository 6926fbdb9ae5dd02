import { requireFinite, requireInteger, sum, type Loss } from '@posttrain/core'
import { ipoLoss } from './ipo.js'
import { onPreferred } from './on-preferred.js'
import { sumOfLosses } from './sum-of-losses.js'
import { supervisedLoss } from './supervised.js'

/** Settings of BoNBoN. */
export interface BonbonOptions {
  /** n: the pair is the best and the worst of so many samples of the reference. */
  readonly n: number
  /** α, the share of imitation; the squared term is larger by orders of magnitude (default 0.005). */
  readonly alpha?: number | undefined
}

/**
 * BoNBoN, imitation of best-of-n from the best and the worst of n samples of the reference: Σ w [−α log π(y_best) + (1
 * − α)(h − 1/(2βₙ))²] over pairs, h = log π/π_ref (y_best) − log π/π_ref (y_worst), with 1/(2βₙ) = (n − 1) Hₙ₋₁: the
 * mean that h has if π is the best-of-n policy and no rewards tie, so nothing is left to tune.
 *
 * Gui, Gârbacea, Veitch 2024, https://arxiv.org/abs/2406.00832
 *
 * Sequences come as best, worst, best, …; the weight of the best one is that of the pair.
 *
 * @returns a loss of pairs with the metrics of both parts
 * @throws PosttrainError `invalid-argument` for options out of range, an odd number of sequences or no
 *   `referenceLogprob`
 * @example
 * ```ts
 * bonbonTarget(4) // => 5.5
 * bonbonLoss({ n: 4 }).pairs // => true
 * ```
 */
export function bonbonLoss({ n, alpha = 0.005 }: BonbonOptions): Loss {
  const target = bonbonTarget(n)
  requireFinite('alpha', alpha, { min: 0, max: 1 })
  const parts = [
    { loss: onPreferred(supervisedLoss()), coefficient: alpha },
    { loss: ipoLoss({ beta: 1 / (2 * target) }), coefficient: 1 - alpha },
  ]
  return { ...sumOfLosses(parts), name: 'bonbon' }
}

/**
 * 1/(2βₙ) = (n − 1) Σₖ₌₁ⁿ⁻¹ 1/k, the log-ratio gap between best and worst of n that BoNBoN aims at, in nats.
 *
 * Gui, Gârbacea, Veitch 2024, https://arxiv.org/abs/2406.00832
 *
 * @throws PosttrainError `invalid-argument` for n < 2
 * @example
 * ```ts
 * bonbonTarget(2) // => 1
 * ```
 */
export function bonbonTarget(n: number): number {
  requireInteger('n', n, { min: 2 })
  return (n - 1) * sum(Float64Array.from({ length: n - 1 }, (_, i) => 1 / (i + 1)))
}
