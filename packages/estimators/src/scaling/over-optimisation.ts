import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import { bestOfN } from '../best-of-n.js'
import type { ProxyAndGold } from '../best-of-n.js'
import { requireOneOf } from '../one-of.js'

/**
 * log n − (n−1)/n in nats: the divergence of best-of-n from its sampler if no two samples tie, and an upper bound otherwise
 * (Beirami et al. 2024, https://arxiv.org/abs/2401.01879).
 *
 * @example
 * ```ts
 * bestOfNKlBound(4) // => 0.636294
 * ```
 */
export function bestOfNKlBound(n: number): number {
  requireInteger('n', n, { min: 1 })
  return Math.log(n) - (n - 1) / n
}

/** One strength of optimisation against a proxy reward. */
export interface OptimisationPoint {
  /** Divergence from the initial policy, in nats. */
  readonly kl: number
  /** Gold reward gained over the initial policy. */
  readonly gold: number
}

/** A best-of-n curve with its KL axis. */
export interface BestOfNPoint extends OptimisationPoint {
  readonly n: number
  /** Mean proxy reward of the chosen sample. */
  readonly proxy: number
}

/**
 * How gold and proxy reward grow with best-of-n: the means over tasks of `bestOfN`, against log n − (n−1)/n.
 *
 * Absolute rewards; subtract those at n = 1 before fitting a law through the origin.
 *
 * @param tasks both scores of all samples, per task
 * @param ns values of n, none above the fewest samples of any task
 * @throws PosttrainError `invalid-argument` for no tasks or n beyond the samples
 * @example
 * ```ts
 * bestOfNCurve([{ proxy: [1, 2, 3], gold: [0, 2, 1] }], [1, 3]).map(({ gold }) => gold) // => [1, 1]
 * ```
 */
export function bestOfNCurve(tasks: readonly ProxyAndGold[], ns: readonly number[]): BestOfNPoint[] {
  if (tasks.length === 0) throw invalidArgument('tasks must not be empty')
  const average = (of: (task: ProxyAndGold) => number): number =>
    tasks.reduce((sum, task) => sum + of(task), 0) / tasks.length
  return ns.map((n) => ({
    n,
    kl: bestOfNKlBound(n),
    proxy: average(({ proxy }) => bestOfN({ proxy, gold: proxy }, n)),
    gold: average((task) => bestOfN(task, n)),
  }))
}

/** Which law: best-of-n's R = d(α − βd) or reinforcement learning's R = d(α − β log d), d = √KL. */
export type OverOptimisationForm = 'best-of-n' | 'rl'

/** A law of reward over-optimisation (Gao et al. 2022, https://arxiv.org/abs/2210.10760). */
export interface OverOptimisationLaw {
  readonly form: OverOptimisationForm
  readonly alpha: number
  readonly beta: number
  /** Where gold reward is greatest: d* = α/2β or exp(α/β − 1); absent for β ≤ 0, where it never turns over. */
  readonly peak: { readonly kl: number; readonly gold: number } | undefined
  /** Gold reward gained at a divergence. */
  goldAt(kl: number): number
}

/**
 * The law with given coefficients.
 *
 * @param alpha gain per unit of d at first
 * @param beta how soon the proxy misleads
 * @throws PosttrainError `invalid-argument` for coefficients that are not finite
 * @example
 * ```ts
 * overOptimisationLaw('best-of-n', 1, 0.3).goldAt(bestOfNKlBound(16)) // => 0.804128
 * ```
 */
export function overOptimisationLaw(form: OverOptimisationForm, alpha: number, beta: number): OverOptimisationLaw {
  requireOneOf('form', form, ['best-of-n', 'rl'])
  requireFinite('alpha', alpha)
  requireFinite('beta', beta)
  const at = (d: number): number => (d === 0 ? 0 : d * (alpha - beta * (form === 'rl' ? Math.log(d) : d)))
  const top = form === 'rl' ? Math.exp(alpha / beta - 1) : alpha / (2 * beta)
  return {
    form,
    alpha,
    beta,
    peak: beta > 0 && top > 0 ? { kl: top * top, gold: at(top) } : undefined,
    goldAt: (kl) => at(Math.sqrt(requireFinite('kl', kl, { min: 0 }))),
  }
}

/**
 * The law fitted by linear least squares of R/d on 1 and d (best-of-n) or log d (reinforcement learning); points at KL 0 carry
 * no information and are left out.
 *
 * @param points at least two with different KL above 0
 * @throws PosttrainError `invalid-argument` for fewer
 * @example
 * ```ts
 * const law = overOptimisationLaw('rl', 1, 0.5)
 * fitOverOptimisation('rl', [1, 4, 9].map((kl) => ({ kl, gold: law.goldAt(kl) }))).beta // => 0.500000
 * ```
 */
export function fitOverOptimisation(
  form: OverOptimisationForm,
  points: readonly OptimisationPoint[],
): OverOptimisationLaw {
  points.forEach(({ kl, gold }, i) => {
    requireFinite(`points[${i}].kl`, kl, { min: 0 })
    requireFinite(`points[${i}].gold`, gold)
  })
  const used = points.filter(({ kl }) => kl > 0)
  if (new Set(used.map(({ kl }) => kl)).size < 2) {
    throw invalidArgument(
      `an over-optimisation law needs two different KL above 0, but there are ${used.length} points`,
    )
  }
  const x = used.map(({ kl }) => (form === 'rl' ? 0.5 * Math.log(kl) : Math.sqrt(kl)))
  const y = used.map(({ kl, gold }) => gold / Math.sqrt(kl))
  const meanX = x.reduce((s, v) => s + v, 0) / x.length
  const meanY = y.reduce((s, v) => s + v, 0) / y.length
  const slope =
    x.reduce((s, v, i) => s + (v - meanX) * (y[i]! - meanY), 0) / x.reduce((s, v) => s + (v - meanX) ** 2, 0)
  return overOptimisationLaw(form, meanY - slope * meanX, -slope)
}
