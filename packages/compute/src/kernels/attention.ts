import type { DeviceBuffer } from '../device-buffer.js'

/**
 * Causal self-attention and rotary positions. Query head h reads the keys and values of head
 * ⌊h · keyValueHeads / heads⌋: this is grouped-query attention, and ordinary attention if both numbers are equal.
 */
export interface AttentionKernels {
  /** out = softmax(Q·Kᵀ / √headSize)·V for each head, where a token sees itself and the tokens before it. */
  readonly attention: {
    readonly batch: number
    /** Tokens of each sequence. */
    readonly length: number
    readonly heads: number
    /** Divides `heads`. */
    readonly keyValueHeads: number
    readonly headSize: number
    /** (batch, length, heads + 2 · keyValueHeads, headSize): queries, keys and values of a token side by side. */
    readonly qkv: DeviceBuffer
    /** (batch, length, heads, headSize); replaced. */
    readonly out: DeviceBuffer
    /** (batch, heads, length, length): 0 above the diagonal; replaced, for the backward kernel. */
    readonly probabilities: DeviceBuffer
  }
  /** The gradient of `attention`. */
  readonly attentionBackward: {
    readonly batch: number
    readonly length: number
    readonly heads: number
    /** Divides `heads`. */
    readonly keyValueHeads: number
    readonly headSize: number
    /** (batch, length, heads + 2 · keyValueHeads, headSize): the input of the forward kernel. */
    readonly qkv: DeviceBuffer
    /** (batch, heads, length, length): what the forward kernel kept. */
    readonly probabilities: DeviceBuffer
    /** (batch, length, heads, headSize). */
    readonly gradOut: DeviceBuffer
    /** (batch, length, heads + 2 · keyValueHeads, headSize); replaced. */
    readonly gradQkv: DeviceBuffer
  }
  /** Attention of one new token per sequence to itself and to the cached tokens; sequences may differ in length. */
  readonly cachedAttention: {
    readonly batch: number
    readonly heads: number
    /** Divides `heads`. */
    readonly keyValueHeads: number
    readonly headSize: number
    /** Tokens per sequence that the caches have room for. */
    readonly capacity: number
    /** (batch, heads + 2 · keyValueHeads, headSize): queries, keys and values of the new tokens side by side. */
    readonly qkv: DeviceBuffer
    /** (batch, capacity, keyValueHeads, headSize): the new token's keys are written at its position. */
    readonly keys: DeviceBuffer
    /** (batch, capacity, keyValueHeads, headSize): the new token's values are written at its position. */
    readonly values: DeviceBuffer
    /** i32 (batch): positions of the new tokens, which are the numbers of tokens before them; below `capacity`. */
    readonly positions: DeviceBuffer
    /** (batch, heads, headSize); replaced. */
    readonly out: DeviceBuffer
  }
  /**
   * Turns the entries i and i + headSize/2 of each of a row's first `heads` heads by the i-th angle of the row's
   * position, in place. `inverse` turns back, which also is how the gradient is turned.
   */
  readonly rotary: {
    readonly rows: number
    /** Heads to turn: if queries, keys and values lie side by side, those of the queries and of the keys. */
    readonly heads: number
    /** Even. */
    readonly headSize: number
    /** Entries of a row, of which the first heads · headSize are turned. */
    readonly columns: number
    /** (rows, columns); changed in place. */
    readonly x: DeviceBuffer
    /** i32 (rows): below the number of rows of `angles`. */
    readonly positions: DeviceBuffer
    /** (context, headSize): the cosines of a position's headSize/2 angles, then their sines. */
    readonly angles: DeviceBuffer
    /** Default false. */
    readonly inverse?: boolean | undefined
  }
}
