import { requireFits, type TransformerConfig } from './config.js'

/** A prompt and a completion as tokens. */
export interface TokenizedSequence {
  readonly prompt: readonly number[]
  readonly completion: readonly number[]
}

/**
 * Sequences side by side, padded on the right: under causal attention no real token sees the padding, so padded
 * rows are computed and ignored. Logits are made only for the rows that predict a completion token.
 */
export interface Batch {
  readonly size: number
  /** Input tokens per sequence: the longest sequence without its last token. */
  readonly length: number
  /** size × length. */
  readonly tokens: Int32Array
  /** size × length. */
  readonly positions: Int32Array
  /** Rows of the size × length grid that predict a completion token, sequence after sequence. */
  readonly scoredRows: Int32Array
  /** The token each of them predicts. */
  readonly targets: Int32Array
}

/**
 * Lays sequences out as one batch.
 *
 * @throws PosttrainError `invalid-argument` for an empty prompt or a sequence longer than the context
 */
export function layOutBatch(sequences: readonly TokenizedSequence[], config: TransformerConfig): Batch {
  let length = 1
  let scored = 0
  for (const { prompt, completion } of sequences) {
    requireFits(config, prompt.length, completion.length)
    length = Math.max(length, prompt.length + completion.length - 1)
    scored += completion.length
  }
  const size = sequences.length
  const tokens = new Int32Array(size * length)
  const positions = new Int32Array(size * length)
  const scoredRows = new Int32Array(scored)
  const targets = new Int32Array(scored)
  let next = 0
  sequences.forEach(({ prompt, completion }, row) => {
    const start = row * length
    for (let t = 0; t < length; t++) {
      tokens[start + t] = prompt[t] ?? completion[t - prompt.length] ?? 0
      positions[start + t] = t
    }
    completion.forEach((token, i) => {
      scoredRows[next] = start + prompt.length - 1 + i
      targets[next++] = token
    })
  })
  return { size, length, tokens, positions, scoredRows, targets }
}
