import type { PairedComparison } from '@posttrain/rewards'

/** Comparisons of which equal ones are counted: a million rows are as many as there are pairs. */
export class ComparisonCounts {
  readonly #counts = new Map<string, Required<PairedComparison>['count']>()
  #ties = 0

  add({ winner, loser, tie, home, count = 1 }: PairedComparison): void {
    const key = JSON.stringify([winner, loser, tie, home])
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count)
    if (tie) this.#ties += count
  }

  get ties(): number {
    return this.#ties
  }

  /** Each with its count, in the order in which they came first. */
  *[Symbol.iterator](): Generator<PairedComparison> {
    for (const [key, count] of this.#counts) {
      const [winner, loser, tie, home] = JSON.parse(key) as [string, string, boolean, string | null]
      yield { winner, loser, tie, home: home ?? undefined, count }
    }
  }
}
