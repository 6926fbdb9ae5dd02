import type { Interval } from '@posttrain/core'
import { invalidArgument, invalidData, quoted, requireFinite } from '@posttrain/core'
import { normalQuantile } from '@posttrain/estimators'
import { maximise } from './maximise.js'
import type { PreferenceData } from './preference-data.js'
import { requireComparable } from './require-comparable.js'

/** A number that was fitted, with its standard error and Wald interval, both from the observed information. */
export interface FittedValue {
  readonly value: number
  readonly se: number
  readonly interval: Interval
}

/** An item with its ability, in log-odds over the reference. */
export interface FittedItem {
  readonly name: string
  readonly ability: number
  /** Standard error of the difference to the reference; 0 for the reference itself. */
  readonly se: number
  readonly interval: Interval
  /** Comparisons that it was in. */
  readonly comparisons: number
}

/** Abilities that make the comparisons seen most probable. */
export interface PreferenceFit {
  /** The best first. */
  readonly items: readonly FittedItem[]
  /** The item whose ability is 0. */
  readonly reference: string
  readonly comparisons: number
  readonly logLikelihood: number
  /** Log-odds that being at home adds, where that was asked. */
  readonly homeAdvantage?: FittedValue | undefined
  /** log ν of Davidson's model, where that was asked. */
  readonly tie?: FittedValue | undefined
  /**
   * Ability of one item minus that of another.
   *
   * @throws PosttrainError `invalid-argument` for an item that is not in the fit
   */
  difference(item: string, other: string): FittedValue
}

/** How abilities are fitted and reported. */
export interface PreferenceFitOptions {
  /** The item that has ability 0 (default: the first that is named). */
  readonly reference?: string | undefined
  /** Nominal coverage of the intervals, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /**
   * λ of the penalty λ/2 · Σ (ability − mean)², the log-density of a normal prior of variance 1/λ (default 0). With
   * it a fit exists where an item never lost, too; standard errors are then those of the posterior.
   */
  readonly ridge?: number | undefined
}

/** More than this makes matrices of gigabytes. */
const MOST_ITEMS = 5_000

/** @throws PosttrainError `invalid-argument` for options out of range; `invalid-data` where no maximum exists */
export function fitPreferences(data: PreferenceData, options: PreferenceFitOptions): PreferenceFit {
  const { names, counts, choices, comparisons, others } = data
  const { reference = names[0], level = 0.95, ridge = 0 } = options
  requireFinite('level', level, { above: 0, below: 1 })
  requireFinite('ridge', ridge, { min: 0 })
  if (reference === undefined) throw invalidData('there is no comparison to fit', 'give at least one')
  if (names.length > MOST_ITEMS) {
    throw invalidData(`${names.length} items are more than the ${MOST_ITEMS} that can be fitted`, 'leave out some')
  }
  const place = (name: string): number => {
    const at = names.indexOf(name)
    if (at >= 0) return at
    throw invalidArgument(`no comparison has an item ${quoted(name)}`, 'name one that was compared')
  }
  const origin = place(reference)
  requireComparable(data, ridge > 0)
  const size = names.length + others.length
  const found = maximise(choices, { items: names.length, size, ridge })
  if (found === undefined) throw unbounded(others)
  const { parameters, logLikelihood, covariance } = found
  const z = normalQuantile((1 + level) / 2)
  const fitted = (value: number, variance: number): FittedValue => {
    const se = Math.sqrt(Math.max(0, variance))
    return { value, se, interval: { lower: value - z * se, upper: value + z * se, level, method: 'wald' } }
  }
  const between = (i: number, j: number): FittedValue => {
    const entry = (a: number, b: number): number => covariance[a * size + b]!
    return fitted(parameters[i]! - parameters[j]!, i === j ? 0 : entry(i, i) + entry(j, j) - entry(i, j) - entry(j, i))
  }
  const items = names.map((name, i): FittedItem => {
    const { value, se, interval } = between(i, origin)
    return { name, ability: value, se, interval, comparisons: counts[i]! }
  })
  const beside = others.map((name, i) => {
    const at = names.length + i
    return [name, fitted(parameters[at]!, covariance[at * size + at]!)] as const
  })
  return {
    items: items.sort((a, b) => b.ability - a.ability),
    reference,
    comparisons,
    logLikelihood,
    ...Object.fromEntries(beside),
    difference: (item, other) => between(place(item), place(other)),
  }
}

const CALLED = { homeAdvantage: 'the home advantage', tie: 'the probability of ties' } as const

function unbounded(others: PreferenceData['others']): Error {
  const what = others.length === 0 ? 'the abilities' : others.map((name) => CALLED[name]).join(' and ')
  return invalidData(
    `the comparisons do not determine ${what}: the likelihood has no single finite maximum`,
    others.length === 0 ? 'shrink by a ridge penalty' : 'fit without, or add comparisons',
  )
}
