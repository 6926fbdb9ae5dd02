import type { DeviceBuffer } from '../device-buffer.js'

/**
 * One token per row by inverting the cumulative distribution at a given uniform. The distribution is softmax(logits /
 * temperature), cut in this order, as Hugging Face's `generate` does, and renormalised after each cut. Tokens of equal
 * probability are kept or dropped together, so that the outcome does not depend on an order of sorting:
 *
 * 1. `topK` keeps the tokens whose logit is at least the k-th largest;
 * 2. `topP` keeps the tokens before which, in order of probability, lies a mass below `topP`;
 * 3. `minP` keeps the tokens whose probability is at least `minP` times the largest.
 */
export interface SampleTokensArguments {
  readonly rows: number
  readonly vocabulary: number
  readonly logits: DeviceBuffer
  /** rows, on [0, 1): the smallest v with Σ_{j ≤ v} p_j > u is taken, so a seed means the same on every device. */
  readonly uniforms: DeviceBuffer
  /** 0: the most likely token, the first among equals; nothing is cut then. */
  readonly temperature: number
  /** At least 1; absent: every token. */
  readonly topK?: number
  /** On (0, 1]; absent: 1. */
  readonly topP?: number
  /** On [0, 1]; absent: 0. */
  readonly minP?: number
  /** i32, rows. */
  readonly tokens: DeviceBuffer
  /** rows: log-prob of the taken token under softmax(logits), at temperature 1 and uncut. */
  readonly logprob: DeviceBuffer
}
