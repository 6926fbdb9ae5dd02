import type { DeviceBuffer } from '../device-buffer.js'

/**
 * Causal self-attention over whole sequences. Query head h reads the keys and values of head ⌊h · keyValueHeads / heads⌋:
 * grouped-query attention, and ordinary attention when both numbers are equal.
 */
export interface AttentionArguments {
  readonly batch: number
  readonly length: number
  readonly heads: number
  /** Divides `heads`. */
  readonly keyValueHeads: number
  readonly headSize: number
  /** (batch · length) × ((heads + 2 · keyValueHeads) · headSize): queries, keys and values of a token side by side. */
  readonly qkv: DeviceBuffer
  /** (batch · length) × (heads · headSize). */
  readonly out: DeviceBuffer
  /** batch × heads × length × length, kept for the backward pass; 0 above the diagonal. */
  readonly probabilities: DeviceBuffer
}

/** The reverse of `attention`, from its kept probabilities. */
export interface AttentionBackwardArguments {
  readonly batch: number
  readonly length: number
  readonly heads: number
  /** Divides `heads`. */
  readonly keyValueHeads: number
  readonly headSize: number
  readonly qkv: DeviceBuffer
  readonly probabilities: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Replaced. */
  readonly gradQkv: DeviceBuffer
}

/** One new token per row of a batch whose rows may have different lengths. */
export interface CachedAttentionArguments {
  readonly batch: number
  readonly heads: number
  /** Divides `heads`. */
  readonly keyValueHeads: number
  readonly headSize: number
  /** Tokens per row that the caches have room for. */
  readonly capacity: number
  /** batch × ((heads + 2 · keyValueHeads) · headSize) of the new tokens. */
  readonly qkv: DeviceBuffer
  /** batch × capacity × (keyValueHeads · headSize); the new token's keys are written at its row's position. */
  readonly keys: DeviceBuffer
  /** As `keys`. */
  readonly values: DeviceBuffer
  /** i32, batch: the new token's position, that is the number of tokens before it. */
  readonly positions: DeviceBuffer
  /** batch × (heads · headSize). */
  readonly out: DeviceBuffer
}

/**
 * Rotary positions, in place: the entries i and i + headSize/2 of each of a row's first `heads` heads are turned by the
 * angle of the row's position. `inverse` turns back, which is also the way of the gradient.
 */
export interface RotaryArguments {
  readonly rows: number
  /** Heads to turn: with queries, keys and values side by side, those of the queries and of the keys. */
  readonly heads: number
  /** Even. */
  readonly headSize: number
  /** Entries of a row, of which the first heads · headSize are turned. */
  readonly columns: number
  /** rows × columns. */
  readonly x: DeviceBuffer
  /** i32, rows. */
  readonly positions: DeviceBuffer
  /** context × headSize: the cosines of a position's headSize/2 angles, then their sines. */
  readonly angles: DeviceBuffer
  readonly inverse?: boolean
}
