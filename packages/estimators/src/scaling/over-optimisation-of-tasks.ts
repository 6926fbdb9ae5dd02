import { invalidArgument, mean, requireLength, type Interval } from '@posttrain/core'
import { studentInterval } from '../intervals/student.js'
import {
  fitOverOptimisation,
  overOptimisationLaw,
  type OverOptimisationForm,
  type OverOptimisationLaw,
} from './over-optimisation.js'

/** A coefficient with its uncertainty over tasks. */
export interface FittedCoefficient {
  readonly value: number
  /** Standard error over tasks. */
  readonly se: number
  readonly interval: Interval
}

/** A law of over-optimisation fitted to tasks. */
export interface FittedOverOptimisation extends OverOptimisationLaw {
  readonly tasks: number
  readonly coefficients: { readonly alpha: FittedCoefficient; readonly beta: FittedCoefficient }
  /**
   * KL of the peak, in nats; its standard error is of first order, and it is biased as every ratio of estimates is.
   * Absent unless β is above 0 with certainty: then there may be no peak.
   */
  readonly peakKl: FittedCoefficient | undefined
}

/**
 * The law of over-optimisation of several tasks, with standard errors over tasks.
 *
 * The points of one curve come from the same samples, so the residuals of a fit say nothing about its uncertainty. But
 * α and β are linear in the gains: those of the mean curve are the means of the tasks' own, exactly, and the spread of
 * these between tasks is their standard error.
 *
 * Gao et al. 2022, https://arxiv.org/abs/2210.10760
 *
 * @param form `best-of-n` or `rl`
 * @param kls (points): divergence from the initial policy, in nats, at least two different ones above 0
 * @param gains (tasks, points): gold reward over that of the initial policy, of at least two tasks
 * @param level coverage of the intervals (default 0.95)
 * @throws PosttrainError `invalid-argument` for fewer points or tasks, or rows of another length
 * @example
 * ```ts
 * const kls = [1, 4, 9]
 * const gains = [1, 1.5].map((alpha) => kls.map((kl) => overOptimisationLaw('best-of-n', alpha, 0.3).goldAt(kl)))
 * const { alpha, beta } = overOptimisationOfTasks('best-of-n', kls, gains).coefficients
 * alpha.value // => 1.25
 * alpha.se // => 0.25
 * beta.value // => 0.3
 * ```
 */
export function overOptimisationOfTasks(
  form: OverOptimisationForm,
  kls: readonly number[],
  gains: readonly ArrayLike<number>[],
  { level = 0.95 }: { readonly level?: number | undefined } = {},
): FittedOverOptimisation {
  if (gains.length < 2) throw invalidArgument(`a law needs at least 2 tasks, but gains has ${gains.length}`)
  const laws = gains.map((gain, t) => {
    requireLength(`gains[${t}]`, gain, kls.length)
    return fitOverOptimisation(
      form,
      kls.map((kl, i) => ({ kl, gold: gain[i]! })),
    )
  })
  const alphas = laws.map(({ alpha }) => alpha)
  const betas = laws.map(({ beta }) => beta)
  const coefficient = (values: readonly number[]): FittedCoefficient => {
    const value = mean(values)
    const squares = values.reduce((total, one) => total + (one - value) ** 2, 0)
    const se = Math.sqrt(squares / (values.length - 1) / values.length)
    return { value, se, interval: studentInterval(values, { level }) }
  }
  const [alpha, beta] = [coefficient(alphas), coefficient(betas)]
  const law = overOptimisationLaw(form, alpha.value, beta.value)
  const peaks = law.peak && beta.interval.lower > 0 ? linearisedPeaks(law, law.peak.kl, alphas, betas) : undefined
  return { ...law, tasks: gains.length, coefficients: { alpha, beta }, peakKl: peaks && coefficient(peaks) }
}

/** Values of the tasks whose mean is the KL of the peak, and whose spread is that of its first-order expansion. */
function linearisedPeaks(
  { form, alpha, beta }: OverOptimisationLaw,
  kl: number,
  alphas: readonly number[],
  betas: readonly number[],
): readonly number[] {
  const byAlpha = form === 'rl' ? (2 * kl) / beta : alpha / (2 * beta ** 2)
  const byBeta = (-byAlpha * alpha) / beta
  return alphas.map((own, t) => kl + byAlpha * (own - alpha) + byBeta * (betas[t]! - beta))
}
