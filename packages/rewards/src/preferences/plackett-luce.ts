import { invalidArgument, quoted, requireFinite } from '@posttrain/core'
import type { Alternative, Choice } from './choices.js'
import { ItemTable } from './item-table.js'
import { fitPreferences, type PreferenceFit, type PreferenceFitOptions } from './preference-fit.js'

/** Some items in the order of preference. */
export interface Ranking {
  /** The best first, at least one. */
  readonly ranked: readonly string[]
  /** Items below all of these, in an order that is not known (default: none). */
  readonly below?: readonly string[] | undefined
  /** How often that was seen, a positive number (default 1). */
  readonly count?: number | undefined
}

/**
 * Abilities from rankings, by maximum likelihood: P(ranking) = ∏ₖ exp θ₍ₖ₎ / Σ_{j ≥ k} exp θ₍ⱼ₎, one choice after
 * another of the best that is left. Rankings may be of different items; of two items each it is Bradley–Terry.
 *
 * Plackett 1975, https://doi.org/10.2307/2346567; Luce 1959; Hunter 2004, https://doi.org/10.1214/aos/1079120141
 *
 * @param rankings in any order; equal ones may be given once with their `count`
 * @returns as `fitBradleyTerry`
 * @throws PosttrainError as `fitBradleyTerry`
 * @example
 * ```ts
 * const fit = fitPlackettLuce([
 *   { ranked: ['A'], below: ['B', 'C'], count: 2 },
 *   { ranked: ['B', 'C', 'A'] },
 *   { ranked: ['C', 'B', 'A'] },
 * ])
 * fit.items.map(({ ability }) => ability) // => [0.247466, 0.247466, 0]
 * ```
 */
export function fitPlackettLuce(rankings: Iterable<Ranking>, options: PreferenceFitOptions = {}): PreferenceFit {
  const table = new ItemTable()
  const choices = [...rankings].flatMap((ranking, i): Choice[] => {
    const { ranked, below = [], count = 1 } = ranking
    requireRanking(ranking, i)
    const items = [...ranked, ...below].map((name) => table.place(name))
    table.count(items, count)
    return items.slice(0, Math.min(ranked.length, items.length - 1)).map((chosen, at) => {
      const left = items.slice(at)
      for (const other of left.slice(1)) table.prefer(chosen, other)
      return { alternatives: left.map(alternative), chosen: 0, weight: count }
    })
  })
  return fitPreferences({ ...table.data(), choices, others: [] }, options)
}

const alternative = (item: number): Alternative => ({ indices: [item], coefficients: [1], offset: 0 })

function requireRanking({ ranked, below = [], count = 1 }: Ranking, i: number): void {
  for (const [field, names] of Object.entries({ ranked, below })) {
    if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
      throw invalidArgument(`${field} of ranking ${i} must be a list of texts`)
    }
  }
  const names = [...ranked, ...below]
  if (ranked.length === 0 || names.length < 2) {
    throw invalidArgument(`ranking ${i} says nothing`, 'rank at least one item above another')
  }
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw invalidArgument(`ranking ${i} has ${quoted(name)} twice`, 'a ranking has no ties')
    seen.add(name)
  }
  requireFinite(`count of ranking ${i}`, count, { above: 0 })
}
