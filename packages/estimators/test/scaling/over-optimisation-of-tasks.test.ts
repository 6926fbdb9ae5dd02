import { mean } from '@posttrain/core'
import {
  fitOverOptimisation,
  overOptimisationLaw,
  overOptimisationOfTasks,
  studentInterval,
} from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'

const kls = [0, 0.5, 1, 4, 9]
const laws = [
  [1, 0.3],
  [1.3, 0.25],
  [0.8, 0.31],
  [1.1, 0.28],
] as const

describe.each(['best-of-n', 'rl'] as const)('overOptimisationOfTasks, %s', (form) => {
  const gainsOf = (alpha: number, beta: number): number[] =>
    kls.map((kl) => overOptimisationLaw(form, alpha, beta).goldAt(kl))
  const gains = laws.map(([alpha, beta]) => gainsOf(alpha, beta))
  const fit = overOptimisationOfTasks(form, kls, gains)

  it('is the law of the mean curve, to rounding', () => {
    const curve = kls.map((kl, i) => ({ kl, gold: mean(gains.map((gain) => gain[i]!)) }))
    const whole = fitOverOptimisation(form, curve)
    expect(fit.alpha).toBeCloseTo(whole.alpha, 12)
    expect(fit.beta).toBeCloseTo(whole.beta, 12)
    expect(fit.peak!.kl).toBeCloseTo(whole.peak!.kl, 9)
    expect(fit.tasks).toBe(4)
  })

  it('has the standard errors of the means of the tasks', () => {
    for (const [name, values] of [
      ['alpha', laws.map(([alpha]) => alpha)],
      ['beta', laws.map(([, beta]) => beta)],
    ] as const) {
      const { value, se, interval } = fit.coefficients[name]
      const centre = mean(values)
      const deviation = Math.sqrt(values.reduce((total, one) => total + (one - centre) ** 2, 0) / 3)
      expect(value).toBeCloseTo(centre, 12)
      expect(se).toBeCloseTo(deviation / 2, 12)
      expect(interval.lower).toBeCloseTo(studentInterval(values).lower, 10)
    }
  })

  it('has a standard error of the peak that is its slope times those of the coefficients', () => {
    const peakOf = (alpha: number, beta: number): number => overOptimisationLaw(form, alpha, beta).peak!.kl
    const { alpha, beta } = fit
    const h = 1e-6
    const byAlpha = (peakOf(alpha + h, beta) - peakOf(alpha - h, beta)) / (2 * h)
    const byBeta = (peakOf(alpha, beta + h) - peakOf(alpha, beta - h)) / (2 * h)
    const moved = laws.map(([a, b]) => byAlpha * (a - alpha) + byBeta * (b - beta))
    const se = Math.sqrt(moved.reduce((total, one) => total + one ** 2, 0) / 3) / 2
    expect(fit.peakKl!.value).toBeCloseTo(fit.peak!.kl, 9)
    expect(fit.peakKl!.se / se).toBeCloseTo(1, 6)
  })

  it('recovers a law from tasks that all follow it, without error', () => {
    const exact = overOptimisationOfTasks(form, kls, [gainsOf(1, 0.3), gainsOf(1, 0.3)])
    expect(exact.alpha).toBeCloseTo(1, 12)
    expect(exact.beta).toBeCloseTo(0.3, 12)
    expect(exact.coefficients.alpha.se).toBeCloseTo(0, 12)
  })

  it('knows no peak where β may be 0', () => {
    const uncertain = overOptimisationOfTasks(form, kls, [gainsOf(1, 0.5), gainsOf(1, -0.3)])
    expect(uncertain.peak).toBeDefined()
    expect(uncertain.peakKl).toBeUndefined()
  })
})

it('refuses one task, rows of another length, and too few points', () => {
  expect(() => overOptimisationOfTasks('rl', [1, 2], [[1, 2]])).toThrow('a law needs at least 2 tasks, but gains has 1')
  expect(() => overOptimisationOfTasks('rl', [1, 2], [[1, 2], [1]])).toThrow('gains[1] must have 2 entries, but has 1')
  expect(() =>
    overOptimisationOfTasks(
      'rl',
      [0, 2],
      [
        [0, 2],
        [0, 1],
      ],
    ),
  ).toThrow('two different KL above 0')
})
