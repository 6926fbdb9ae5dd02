import type { PreferenceData } from './preference-data.js'

/** Items by name, with what they were compared with. */
export class ItemTable {
  readonly names: string[] = []
  readonly #places = new Map<string, number>()
  readonly #counts: number[] = []
  readonly #preferredTo: Set<number>[] = []
  #comparisons = 0

  /** The place of an item, a new one for a new name. */
  place(name: string): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    this.#places.set(name, this.names.length)
    this.#counts.push(0)
    this.#preferredTo.push(new Set())
    return this.names.push(name) - 1
  }

  /** Counts a comparison of some items. */
  count(items: readonly number[], times: number): void {
    this.#comparisons += times
    for (const item of items) this.#counts[item]! += times
  }

  /** Notes that an item was preferred to another. */
  prefer(item: number, other: number): void {
    this.#preferredTo[item]!.add(other)
  }

  data(): Pick<PreferenceData, 'names' | 'counts' | 'preferredTo' | 'comparisons'> {
    return {
      names: this.names,
      counts: this.#counts,
      preferredTo: this.#preferredTo,
      comparisons: this.#comparisons,
    }
  }
}
