import type { DeviceBuffer } from '../device-buffer.js'

/** From logits to the scores of tokens and back, in one pass each: no probabilities are stored. */
export interface TokenScoreKernels {
  /**
   * Log-prob of a target, entropy and KL to a reference, in nats, with p and q the softmax of a row's logits:
   * log p_target, H = −Σ p log p, KL = Σ p (log p − log q).
   */
  readonly tokenScores: {
    readonly rows: number
    readonly vocabulary: number
    /** (rows, vocabulary); −∞ excludes a token. */
    readonly logits: DeviceBuffer
    /** i32 (rows): below `vocabulary`. */
    readonly targets: DeviceBuffer
    /** (rows); replaced. */
    readonly logprob: DeviceBuffer
    /** (rows); replaced. Default: not computed. */
    readonly entropy?: DeviceBuffer | undefined
    /** (rows, vocabulary): the logits of q. Given together with `klToReference`. */
    readonly referenceLogits?: DeviceBuffer | undefined
    /** (rows); replaced. ∞ where the reference excludes a token that p does not. */
    readonly klToReference?: DeviceBuffer | undefined
  }
  /**
   * The gradient of `tokenScores`, with cL, cH and cK the three cotangents of a row:
   * gradLogits_v = cL·(1[v = target] − p_v) − cH·p_v·(log p_v + H) + cK·p_v·(log p_v − log q_v − KL).
   */
  readonly tokenScoresBackward: {
    readonly rows: number
    readonly vocabulary: number
    /** (rows, vocabulary): the input of the forward kernel. */
    readonly logits: DeviceBuffer
    /** i32 (rows): below `vocabulary`. */
    readonly targets: DeviceBuffer
    /** (rows): cL. */
    readonly gradLogprob: DeviceBuffer
    /** (rows): cH. Default 0. */
    readonly gradEntropy?: DeviceBuffer | undefined
    /** (rows, vocabulary): the logits of q. Given together with `gradKlToReference`. */
    readonly referenceLogits?: DeviceBuffer | undefined
    /** (rows): cK. Default 0. */
    readonly gradKlToReference?: DeviceBuffer | undefined
    /** (rows, vocabulary); replaced. May be `logits`. */
    readonly gradLogits: DeviceBuffer
  }
}
