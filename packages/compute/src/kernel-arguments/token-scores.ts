import type { DeviceBuffer } from '../device-buffer.js'

/** From logits to per-token scores in one pass; no probabilities are stored. */
export interface TokenScoresArguments {
  readonly rows: number
  readonly vocabulary: number
  readonly logits: DeviceBuffer
  /** i32, rows. */
  readonly targets: DeviceBuffer
  /** rows: log softmax(logits)[target]. */
  readonly logprob: DeviceBuffer
  /** rows: −Σ p log p. */
  readonly entropy?: DeviceBuffer
  /** rows × vocabulary; asks for `referenceKl`. */
  readonly referenceLogits?: DeviceBuffer
  /** rows: Σ p (log p − log q). */
  readonly referenceKl?: DeviceBuffer
}

/**
 * gradLogits[v] = cL·(1[v = target] − p_v) − cH·p_v·(log p_v + H) + cK·p_v·(log p_v − log q_v − KL)
 * with the three cotangents cL, cH, cK of a row.
 */
export interface TokenScoresBackwardArguments {
  readonly rows: number
  readonly vocabulary: number
  readonly logits: DeviceBuffer
  readonly targets: DeviceBuffer
  readonly gradLogprob: DeviceBuffer
  readonly gradEntropy?: DeviceBuffer
  readonly referenceLogits?: DeviceBuffer
  readonly gradReferenceKl?: DeviceBuffer
  /** Replaced; may be `logits`. */
  readonly gradLogits: DeviceBuffer
}
