import { invalidArgument, type Logprobs, type LossConstants, type TokenSequence } from '@posttrain/core'

/** A sequence to learn from, with what a loss may want to know of it. */
export interface OfflineSequence extends TokenSequence {
  /** Multiplies the aggregation's weight (default 1). */
  readonly weight?: number
  /** Advantage, or the label of a loss that takes one: for KTO 1, −1 or 0 (default 1). */
  readonly advantage?: LossConstants['advantage']
  /** As recorded when it was sampled; needed by losses with an importance ratio. */
  readonly logprobs?: Logprobs
  /** What the value head should say at each token; needed by the value loss. */
  readonly returns?: ArrayLike<number>
}

/** Two completions of a prompt, one preferred to the other. */
export interface PreferencePair {
  readonly prompt: string
  /** Tokens of the preferred completion. */
  readonly chosen: readonly number[]
  /** Tokens of the other. */
  readonly rejected: readonly number[]
  /** Multiplies the aggregation's weight (default 1). */
  readonly weight?: number
}

/** What offline training learns from. A loss takes items of one kind. */
export type OfflineItem = OfflineSequence | PreferencePair

const isPair = (item: OfflineItem): item is PreferencePair => 'chosen' in item

/** The sequences of an item: a pair has two, the preferred one first. */
export const sequencesOf = (item: OfflineItem): readonly OfflineSequence[] =>
  isPair(item) ? [item.chosen, item.rejected].map((tokens) => ({ ...item, tokens })) : [item]

/** @throws PosttrainError `invalid-argument` for an item of the kind the loss does not take */
export function requireItems(items: readonly OfflineItem[], pairs: boolean, loss: string): void {
  items.forEach((item, i) => {
    if (isPair(item) === pairs) {
      if (!isPair(item) || (item.chosen.length > 0 && item.rejected.length > 0)) return
      throw invalidArgument(`item ${i} of the batch is a pair with an empty completion`)
    }
    const [is, wanted] = isPair(item)
      ? ['a pair', 'sequences { prompt, tokens }']
      : ['a sequence', 'pairs { prompt, chosen, rejected }']
    throw invalidArgument(`item ${i} of the batch is ${is}, but the loss ${loss} takes ${wanted}`)
  })
}
