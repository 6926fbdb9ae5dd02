import { invalidArgument, invalidData, quoted, requireFinite, requireOneOf } from '@posttrain/core'
import type { Alternative, Choice } from './choices.js'
import { fitPreferences, type PreferenceFit, type PreferenceFitOptions } from './preference-fit.js'
import { ItemTable } from './item-table.js'

/** One item was preferred to another. */
export interface PairedComparison {
  readonly winner: string
  readonly loser: string
  /** Neither was preferred; which of the two is called the winner says nothing (default false). */
  readonly tie?: boolean | undefined
  /** How often that was seen, a number of at least 0 (default 1). */
  readonly count?: number | undefined
  /** The one of the two that had the home advantage: played at home, stood first (default: neither). */
  readonly home?: string | undefined
  /** m: by how much the winner had to be better (default 0); a tie has none. */
  readonly margin?: number | undefined
}

/** How comparisons of two are read. */
export interface FitBradleyTerryOptions extends PreferenceFitOptions {
  /**
   * What a tie is: half a win for either (default), which is no model of ties, or the third outcome of Davidson's
   * model, with a parameter of its own.
   */
  readonly ties?: 'half-wins' | 'davidson' | undefined
  /** Whether being at home adds to an ability, by an amount that is fitted, too (default false). */
  readonly homeAdvantage?: boolean | undefined
}

/**
 * Abilities from comparisons of two, by maximum likelihood: P(i is preferred to j) = σ(θᵢ − θⱼ), with θᵢ + h for an
 * item at home and θᵢ − m for a winner with a margin.
 *
 * Bradley, Terry 1952, https://doi.org/10.2307/2334029. With `davidson` the three outcomes i, j and tie have the odds
 * exp θᵢ : exp θⱼ : ν exp((θᵢ + θⱼ)/2) (Davidson 1970, https://doi.org/10.1080/01621459.1970.10481082); the home
 * advantage counts half in a tie.
 *
 * @param comparisons in any order; equal ones may be given once with their `count`
 * @returns abilities relative to the reference, the best first, with standard errors and intervals
 * @throws PosttrainError `invalid-argument` for a comparison that says something impossible, and options out of range;
 *   `invalid-data` where no finite maximum exists, with the groups of items that were never compared, or never lost,
 *   named
 * @example
 * ```ts
 * const fit = fitBradleyTerry([
 *   { winner: 'A', loser: 'B', count: 3 },
 *   { winner: 'B', loser: 'A' },
 * ])
 * fit.items.map(({ name, ability }) => [name, ability]) // => [['A', 0], ['B', -1.098612]]
 * ```
 */
export function fitBradleyTerry(
  comparisons: Iterable<PairedComparison>,
  options: FitBradleyTerryOptions = {},
): PreferenceFit {
  const { ties = 'half-wins', homeAdvantage = false } = options
  requireOneOf('ties', ties, ['half-wins', 'davidson'])
  const others = [
    ...(homeAdvantage ? (['homeAdvantage'] as const) : []),
    ...(ties === 'davidson' ? ['tie' as const] : []),
  ]
  const table = new ItemTable()
  const read = [...comparisons].map((comparison, i) => {
    const { winner, loser, count = 1, tie = false } = comparison
    requireComparison(comparison, i)
    const pair = [table.place(winner), table.place(loser)] as const
    table.count(pair, count)
    if (count > 0) table.prefer(pair[0], pair[1])
    if (tie && count > 0) table.prefer(pair[1], pair[0])
    return { ...comparison, pair }
  })
  const home = table.names.length
  const tied = homeAdvantage ? home + 1 : home
  const choices = read.flatMap(({ pair, winner, home: atHome, margin = 0, tie = false, count = 1 }): Choice[] => {
    const [first, second] = pair.map((item, at): Alternative => {
      const isHome = homeAdvantage && atHome !== undefined && (atHome === winner) === (at === 0)
      return {
        indices: isHome ? [item, home] : [item],
        coefficients: isHome ? [1, 1] : [1],
        offset: at === 0 ? -margin : 0,
      }
    }) as [Alternative, Alternative]
    const alternatives = ties === 'davidson' ? [first, second, tieOf(first, second, tied)] : [first, second]
    if (!tie) return [{ alternatives, chosen: 0, weight: count }]
    if (ties === 'davidson') return [{ alternatives, chosen: 2, weight: count }]
    return [0, 1].map((chosen) => ({ alternatives, chosen, weight: count / 2 }))
  })
  if (homeAdvantage && !read.some(({ home }) => home !== undefined)) {
    throw invalidData('no comparison says which item was at home', 'say so in home, or fit without homeAdvantage')
  }
  return fitPreferences({ ...table.data(), choices, others }, options)
}

/** log ν and half of both utilities. */
const tieOf = (first: Alternative, second: Alternative, tied: number): Alternative => ({
  indices: [...first.indices, ...second.indices, tied],
  coefficients: [...[...first.coefficients, ...second.coefficients].map((value) => value / 2), 1],
  offset: (first.offset + second.offset) / 2,
})

function requireComparison(
  { winner, loser, count = 1, home, margin = 0, tie = false }: PairedComparison,
  i: number,
): void {
  for (const [field, name] of Object.entries({ winner, loser })) {
    if (typeof name !== 'string') throw invalidArgument(`${field} of comparison ${i} must be a text`)
  }
  if (winner === loser) throw invalidArgument(`comparison ${i} is of ${quoted(winner)} with itself`)
  requireFinite(`count of comparison ${i}`, count, { min: 0 })
  requireFinite(`margin of comparison ${i}`, margin)
  if (tie && margin !== 0) throw invalidArgument(`comparison ${i} is a tie with a margin`, 'a tie has no winner')
  if (home !== undefined && home !== winner && home !== loser) {
    throw invalidArgument(`home of comparison ${i} is ${quoted(home)}, which is neither of the two`)
  }
}
