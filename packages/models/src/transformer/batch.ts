import { requireFits, type TransformerConfig } from './config.js'

/** A prompt and a completion as tokens. */
export interface TokenizedSequence {
  readonly prompt: readonly number[]
  readonly completion: readonly number[]
}

/**
 * Sequences side by side, padded on the right: under causal attention no real token sees the padding, so padded
 * rows are computed and ignored. What follows the layers is computed only for the scored rows.
 */
export interface InputBatch {
  readonly size: number
  /** Input tokens per sequence. */
  readonly length: number
  /** size × length. */
  readonly tokens: Int32Array
  /** size × length. */
  readonly positions: Int32Array
  /** Rows of the size × length grid that a head reads, sequence after sequence. */
  readonly scoredRows: Int32Array
}

/** A batch whose scored rows each predict a completion token. */
export interface Batch extends InputBatch {
  /** The token each scored row predicts. */
  readonly targets: Int32Array
}

function layOutInputs(inputs: readonly (readonly number[])[]): Omit<InputBatch, 'scoredRows'> {
  const size = inputs.length
  const length = Math.max(1, ...inputs.map((input) => input.length))
  const tokens = new Int32Array(size * length)
  inputs.forEach((input, row) => tokens.set(input, row * length))
  return { size, length, tokens, positions: Int32Array.from(tokens, (_, i) => i % length) }
}

/**
 * Lays out sequences whose completion tokens are predicted. A sequence's last token predicts nothing and is left out.
 *
 * @throws PosttrainError `invalid-argument` for an empty prompt or a sequence longer than the context
 */
export function layOutBatch(sequences: readonly TokenizedSequence[], config: TransformerConfig): Batch {
  for (const { prompt, completion } of sequences) requireFits(config, prompt.length, completion.length)
  const batch = layOutInputs(sequences.map(({ prompt, completion }) => [...prompt, ...completion.slice(0, -1)]))
  const scoredRows = sequences.flatMap(({ prompt, completion }, row) =>
    completion.map((_, i) => row * batch.length + prompt.length - 1 + i),
  )
  const targets = sequences.flatMap(({ completion }) => completion)
  return { ...batch, scoredRows: Int32Array.from(scoredRows), targets: Int32Array.from(targets) }
}

/**
 * Lays out whole sequences of which the last token's row is scored.
 *
 * @throws PosttrainError `invalid-argument` for an empty prompt or a sequence longer than the context
 */
export function layOutWholeSequences(sequences: readonly TokenizedSequence[], config: TransformerConfig): InputBatch {
  for (const { prompt, completion } of sequences) requireFits(config, prompt.length, completion.length)
  const inputs = sequences.map(({ prompt, completion }) => [...prompt, ...completion])
  const batch = layOutInputs(inputs)
  return { ...batch, scoredRows: Int32Array.from(inputs, (input, row) => row * batch.length + input.length - 1) }
}
