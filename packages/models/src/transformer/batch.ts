import { requireFits, type TransformerConfig } from './config.js'

/** A prompt and a completion as tokens. */
export interface TokenizedSequence {
  readonly prompt: readonly number[]
  readonly completion: readonly number[]
  /** Positions in the completion of the tokens that have scores, ascending. */
  readonly chosen: readonly number[]
}

/**
 * Where a token's scores are read: at the token before, which predicts it, or at the token itself, which has been read.
 */
export type ScoredAt = 'before' | 'token'

/**
 * Sequences side by side, padded on the right: under causal attention no real token sees the padding, so padded
 * rows are computed and ignored. What follows the layers is computed only for the scored rows.
 */
export interface InputBatch {
  readonly size: number
  /** Input tokens per sequence. */
  readonly length: number
  /** (size, length). */
  readonly tokens: Int32Array
  /** (size, length). */
  readonly positions: Int32Array
  /** (scored): rows of the (size · length) that a head reads, sequence after sequence. */
  readonly scoredRows: Int32Array
}

/** A batch whose scored rows each belong to a chosen token. */
export interface Batch extends InputBatch {
  /** (scored): the chosen token. */
  readonly targets: Int32Array
}

/**
 * Puts sequences side by side, each up to the last row that is scored.
 *
 * @throws PosttrainError `invalid-argument` for an empty prompt or a sequence longer than the context
 */
export function batchOf(
  sequences: readonly TokenizedSequence[],
  config: Pick<TransformerConfig, 'context'>,
  scoredAt: ScoredAt,
): Batch {
  for (const { prompt, completion } of sequences) requireFits(config, prompt.length, completion.length)
  const own = scoredAt === 'token' ? 1 : 0
  const inputs = sequences.map(({ prompt, completion, chosen }) => [
    ...prompt,
    ...completion.slice(0, (chosen.at(-1) ?? 0) + own),
  ])
  const size = inputs.length
  const length = Math.max(1, ...inputs.map((input) => input.length))
  const tokens = new Int32Array(size * length)
  inputs.forEach((input, row) => tokens.set(input, row * length))
  const scoredRows = sequences.flatMap(({ prompt, chosen }, row) =>
    chosen.map((position) => row * length + prompt.length - 1 + position + own),
  )
  const targets = sequences.flatMap(({ completion, chosen }) => chosen.map((position) => completion[position]!))
  return {
    size,
    length,
    tokens,
    positions: Int32Array.from(tokens, (_, i) => i % length),
    scoredRows: Int32Array.from(scoredRows),
    targets: Int32Array.from(targets),
  }
}
