import { invalidArgument, type Logprobs, type LossConstants, type Prompt, type TokenSequence } from '@posttrain/core'

/** A sequence to learn from, with what a loss may want to know of it. */
export interface OfflineSequence extends TokenSequence {
  /** Multiplies the aggregation's weight (default 1). */
  readonly weight?: number | undefined
  /** Advantage, or the label of a loss that takes one: for KTO 1, −1 or 0 (default 1). */
  readonly advantage?: LossConstants['advantage'] | undefined
  /** As recorded when it was sampled; needed by losses with an importance ratio. */
  readonly logprobs?: Logprobs | undefined
  /** (chosen tokens): what the value head should say; needed by losses of values. */
  readonly valueTarget?: ArrayLike<number> | undefined
}

/** Two completions of a prompt, one preferred to the other. */
export interface PreferencePair {
  readonly prompt: Prompt
  /** Tokens of the preferred completion. */
  readonly chosen: readonly number[]
  /** Tokens of the other. */
  readonly rejected: readonly number[]
  /** Of the two completions; absent: every token counts. A reward model takes the last token of each. */
  readonly masks?: readonly [chosen: Uint8Array, rejected: Uint8Array] | undefined
  /** Multiplies the aggregation's weight (default 1). */
  readonly weight?: number | undefined
  /** By how much the chosen one should be preferred, for losses that take a margin. */
  readonly margin?: number | undefined
}

/** What offline training learns from. A loss takes items of one kind. */
export type OfflineItem = OfflineSequence | PreferencePair

const isPair = (item: OfflineItem): item is PreferencePair => 'chosen' in item

/** A sequence of an item; the first of a pair carries the pair's margin. */
export interface ItemSequence extends OfflineSequence {
  readonly margin?: number | undefined
}

/** The sequences of an item: a pair has two, the preferred one first. */
export function sequencesOf(item: OfflineItem): readonly ItemSequence[] {
  if (!isPair(item)) return [item]
  const { prompt, chosen, rejected, masks, weight, margin } = item
  return [
    { prompt, tokens: chosen, mask: masks?.[0], weight, margin },
    { prompt, tokens: rejected, mask: masks?.[1], weight },
  ]
}

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
