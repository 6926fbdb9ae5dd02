import type { Choice } from './choices.js'

/** Comparisons as choices between named items. */
export interface PreferenceData {
  /** In the order in which they came; the parameters are their abilities, then the others. */
  readonly names: readonly string[]
  /** (items): comparisons that each was in. */
  readonly counts: readonly number[]
  /** (items): which others each was preferred to, or tied with. */
  readonly preferredTo: readonly ReadonlySet<number>[]
  readonly choices: readonly Choice[]
  readonly comparisons: number
  /** Parameters beside the abilities, by what messages call them. */
  readonly others: readonly ('homeAdvantage' | 'tie')[]
}
