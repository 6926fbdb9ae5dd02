import { NO_RESPONSE, type ScoredRow } from './score-rows.js'

/** Counts of what became of rows. */
export class ScoreTally {
  scored = 0
  unscored = 0
  #total = 0
  /** The first row without a score, and why it has none. */
  firstUnscored: { readonly where: string; readonly reason: string } | undefined

  #taken = 0
  #firstRefusal: ScoredRow['refusal']

  add({ row: { where }, outcome, isKnown, refusal }: ScoredRow): void {
    this.#firstRefusal ??= refusal
    if (isKnown || (refusal === undefined && outcome !== NO_RESPONSE)) this.#taken++
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

  /** Why no row at all could be judged, if that is so: none has the reference that the reward needs. */
  get refusal(): ScoredRow['refusal'] {
    return this.#taken === 0 ? this.#firstRefusal : undefined
  }

  /** Over scored rows; undefined where there is none. */
  get meanReward(): number | undefined {
    return this.scored === 0 ? undefined : this.#total / this.scored
  }
}
