import { invalidArgument, mean, requireFinite, requireOneOf } from '@posttrain/core'
import { bestOfN } from '../best-of-n.js'
import type { ProxyAndGold } from '../best-of-n.js'
import { leastSquares } from './least-squares.js'

/** One strength of optimisation against a proxy reward. */
export interface OptimisationPoint {
  /** Divergence from the initial policy, in nats. */
  readonly kl: number
  /** Gold reward gained over the initial policy. */
  readonly gold: number
}

/** A point of a best-of-n curve. */
export interface BestOfNPoint extends OptimisationPoint {
  readonly n: number
  /** Mean proxy reward of the chosen sample. */
  readonly proxy: number
}

/**
 * How gold and proxy reward grow with best-of-n: the means over tasks of `bestOfN`, against KL = log n − (n−1)/n.
 *
 * That is the divergence from the sampler where no two samples tie, and a bound on it otherwise (Beirami et al. 2024,
 * https://arxiv.org/abs/2401.01879). Rewards are absolute: subtract those at n = 1 before fitting a law through the
 * origin.
 *
 * @param tasks both scores of all samples, per task
 * @param ns values of n, none above the fewest samples of any task
 * @returns one point per n
 * @throws PosttrainError `invalid-argument` for no tasks or n beyond the samples
 * @example
 * ```ts
 * bestOfNCurve([{ proxy: [1, 2, 3], gold: [0, 2, 1] }], [1, 3]).map(({ gold }) => gold) // => [1, 1]
 * ```
 */
export function bestOfNCurve(tasks: readonly ProxyAndGold[], ns: readonly number[]): BestOfNPoint[] {
  if (tasks.length === 0) throw invalidArgument('tasks must not be empty')
  return ns.map((n) => ({
    n,
    kl: Math.log(n) - (n - 1) / n,
    proxy: mean(tasks.map(({ proxy }) => bestOfN({ proxy, gold: proxy }, n))),
    gold: mean(tasks.map((task) => bestOfN(task, n))),
  }))
}

/** Which law: best-of-n's R = d(α − βd) or reinforcement learning's R = d(α − β log d), d = √KL. */
export type OverOptimisationForm = 'best-of-n' | 'rl'

/** A law of reward over-optimisation (Gao et al. 2022, https://arxiv.org/abs/2210.10760). */
export interface OverOptimisationLaw {
  readonly form: OverOptimisationForm
  readonly alpha: number
  readonly beta: number
  /** Where gold reward is greatest: d* = α/2β or exp(α/β − 1). Absent for β ≤ 0, where it never turns over. */
  readonly peak: { readonly kl: number; readonly gold: number } | undefined
  /** Gold reward gained at a divergence. */
  goldAt(kl: number): number
}

/**
 * The law of over-optimisation with given coefficients.
 *
 * @param form `best-of-n` or `rl`
 * @param alpha gain per unit of d at first
 * @param beta how soon the proxy misleads
 * @throws PosttrainError `invalid-argument` for coefficients that are not finite
 * @example
 * ```ts
 * overOptimisationLaw('best-of-n', 1, 0.3).goldAt(Math.log(16) - 15 / 16) // => 0.804128
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
 * The law of over-optimisation fitted by linear least squares of R/d on 1 and d (best-of-n) or log d (reinforcement
 * learning). Points at KL 0 carry no information and are left out.
 *
 * @param form `best-of-n` or `rl`
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
  const { slope, intercept } = leastSquares(
    used.map(({ kl }) => (form === 'rl' ? 0.5 * Math.log(kl) : Math.sqrt(kl))),
    used.map(({ kl, gold }) => gold / Math.sqrt(kl)),
  )
  return overOptimisationLaw(form, intercept, -slope)
}
