import type { DeviceBuffer } from '../device-buffer.js'

/** Drawing tokens. */
export interface SamplingKernels {
  /**
   * Draws one token per row by inverting the cumulative distribution at a given uniform.
   *
   * The distribution is softmax(logits / temperature), cut in this order, as Hugging Face's `generate` does, and
   * renormalised after each cut. Tokens of equal probability are kept or dropped together, so that the result does not
   * depend on an order of sorting:
   *
   * 1. `topK` keeps the tokens whose logit is at least the k-th largest;
   * 2. `topP` keeps the tokens before which, in order of probability, lies a mass below `topP`;
   * 3. `minP` keeps the tokens whose probability is at least `minP` times the largest.
   */
  readonly sampleTokens: {
    readonly rows: number
    readonly vocabulary: number
    /** (rows, vocabulary); −∞ excludes a token. */
    readonly logits: DeviceBuffer
    /** (rows), on [0, 1): the smallest v with Σ_{j ≤ v} p_j > u is taken, so a seed means the same on every device. */
    readonly uniforms: DeviceBuffer
    /** At least 0; 0 takes the most likely token, the first among equals, and cuts nothing. */
    readonly temperature: number
    /** At least 1. Default: every token is kept. */
    readonly topK?: number | undefined
    /** Above 0 and at most 1. Default 1. */
    readonly topP?: number | undefined
    /** From 0 to 1. Default 0. */
    readonly minP?: number | undefined
    /** i32 (rows); replaced. */
    readonly tokens: DeviceBuffer
    /** (rows): log-prob of the taken token under softmax(logits), at temperature 1 and uncut; replaced. */
    readonly logprob: DeviceBuffer
  }
}
