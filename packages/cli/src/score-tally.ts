import type { Outcome } from '@posttrain/core'

/** Counts of what became of rows. */
export class ScoreTally {
  scored = 0
  unscored = 0
  #total = 0
  /** The first row without a score, and why it has none. */
  firstUnscored: { readonly where: string; readonly reason: string } | undefined

  add(outcome: Outcome, where: string): void {
    if (outcome.kind === 'scored') {
      this.scored++
      this.#total += outcome.reward
    } else {
      this.unscored++
      this.firstUnscored ??= { where, reason: outcome.reason }
    }
  }

  get rows(): number {
    return this.scored + this.unscored
  }

  /** Over scored rows; undefined where there is none. */
  get meanReward(): number | undefined {
    return this.scored === 0 ? undefined : this.#total / this.scored
  }
}
