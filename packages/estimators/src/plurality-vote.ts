/** One answer of a vote over random counts. */
export interface VoteClass {
  /** Entry j: the weight of j votes for this answer. */
  readonly weights: Float64Array
  /** Expected reward of the answer when it wins with j votes. */
  readonly reward: (votes: number) => number
}

/** A vote among answers whose counts are independent but for their total. */
export interface Vote {
  readonly classes: readonly VoteClass[]
  /** Entry j: the weight of j samples that do not vote. */
  readonly abstentions: Float64Array
  /** Samples drawn, voting or not. */
  readonly total: number
}

/** What a tie is worth where counts do not say who came first. */
export type TiesOfCounts = 'share' | 'strict'
