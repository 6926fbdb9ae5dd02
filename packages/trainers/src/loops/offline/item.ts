import {
  described,
  invalidArgument,
  isPrompt,
  requireFinite,
  requireFiniteArray,
  requireInteger,
  requireLength,
} from '@posttrain/core'
import type { Logprobs, LossConstants, Prompt, TokenSequence } from '@posttrain/core'
import { chosenTokens } from '../chosen-tokens.js'

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

/**
 * Requires items of the kind that a loss takes, each of them whole: what a batch gives enters here.
 *
 * @throws PosttrainError `invalid-argument`, naming the item
 */
export function requireItems(items: readonly OfflineItem[], pairs: boolean, loss: string): void {
  const given: unknown = items
  if (!Array.isArray(given)) {
    throw invalidArgument(`the batch is ${described(given)}`, 'give a list of sequences or of preference pairs')
  }
  for (let i = 0; i < given.length; i++) {
    const where = `item ${i} of the batch`
    requireKind(where, given[i], pairs, loss)
    sequencesOf(given[i] as OfflineItem).forEach((sequence) => requireSequence(where, sequence))
  }
}

function requireKind(where: string, item: unknown, pairs: boolean, loss: string): void {
  if (typeof item !== 'object' || item === null) throw invalidArgument(`${where} is ${described(item)}`)
  const isOne = isPair(item as OfflineItem)
  if (isOne !== pairs) {
    const [is, wanted] = isOne
      ? ['a pair', 'sequences { prompt, tokens }']
      : ['a sequence', 'pairs { prompt, chosen, rejected }']
    throw invalidArgument(`${where} is ${is}, but the loss ${loss} takes ${wanted}`)
  }
  const { masks, chosen, rejected } = item as PreferencePair
  if (!isOne) return
  if (masks !== undefined) requireLength(`masks of ${where}`, masks, 2)
  for (const tokens of [chosen, rejected]) {
    if (requireTokens(where, tokens).length === 0) throw invalidArgument(`${where} is a pair with an empty completion`)
  }
}

function requireSequence(where: string, sequence: ItemSequence): void {
  const { prompt, tokens, mask, weight, advantage, logprobs, valueTarget, margin } = sequence
  if (!isPrompt(prompt)) throw invalidArgument(`the prompt of ${where} is ${described(prompt)}`)
  const { length } = requireTokens(where, tokens)
  if (mask !== undefined) {
    const of: unknown = mask
    if (!(of instanceof Uint8Array)) throw invalidArgument(`the mask of ${where} is ${described(of)}, no Uint8Array`)
    requireLength(`the mask of ${where}`, of, length)
    if (of.some((chosen) => chosen > 1)) throw invalidArgument(`the mask of ${where} has something else than 0 and 1`)
  }
  const chosen = chosenTokens(sequence)
  if (weight !== undefined) requireFinite(`the weight of ${where}`, weight)
  if (margin !== undefined) requireFinite(`the margin of ${where}`, margin)
  if (typeof advantage === 'object' && advantage !== null)
    requireNumbers(`the advantage of ${where}`, advantage, chosen)
  else if (advantage !== undefined) requireFinite(`the advantage of ${where}`, advantage)
  if (valueTarget !== undefined) requireNumbers(`the valueTarget of ${where}`, valueTarget, chosen)
  if (logprobs !== undefined) requireLogprobs(where, logprobs, chosen)
}

function requireTokens(where: string, tokens: readonly number[]): readonly number[] {
  const given: unknown = tokens
  if (!Array.isArray(given)) throw invalidArgument(`the tokens of ${where} are ${described(given)}, no list`)
  for (let t = 0; t < given.length; t++) requireInteger(`token ${t} of ${where}`, given[t] as number, { min: 0 })
  return tokens
}

function requireNumbers(name: string, values: ArrayLike<number>, length: number): void {
  requireLength(name, values, length)
  requireFiniteArray(name, values)
}

function requireLogprobs(where: string, logprobs: Logprobs, length: number): void {
  const given: unknown = logprobs
  const fields = typeof given === 'object' && given !== null ? (given as Partial<Logprobs>) : {}
  if (typeof fields.provenance !== 'object') {
    throw invalidArgument(`the logprobs of ${where} are ${described(given)}`, 'give { values, provenance }')
  }
  requireNumbers(`the logprobs of ${where}`, fields.values ?? [], length)
}
