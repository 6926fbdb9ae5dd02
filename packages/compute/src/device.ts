import type { DeviceBuffer, DType } from './device-buffer.js'
import type {
  ActivationArguments,
  ActivationBackwardArguments,
  AdamWArguments,
  AddArguments,
  AttentionArguments,
  AttentionBackwardArguments,
  BootstrapMeansArguments,
  CachedAttentionArguments,
  EmbeddingArguments,
  EmbeddingBackwardArguments,
  GatherRowsArguments,
  LayerNormArguments,
  LayerNormBackwardArguments,
  MajorityVotesArguments,
  MatmulArguments,
  RmsNormArguments,
  RmsNormBackwardArguments,
  RotaryArguments,
  SampleTokensArguments,
  ScatterAddRowsArguments,
  SumRowsArguments,
  SwigluArguments,
  SwigluBackwardArguments,
  TokenScoresArguments,
  TokenScoresBackwardArguments,
} from './kernel-arguments/index.js'

/** Names of the devices. */
export type DeviceName = 'reference' | 'wasm' | 'webgpu' | 'gpujs'

/**
 * Memory and a small set of named kernels. Kernels check the lengths and dtypes of their buffers on entry and only
 * enqueue work; `read` waits for it.
 */
export interface Device {
  readonly name: DeviceName
  /** Zero-filled memory. @throws PosttrainError `unsupported` if there is not enough. */
  allocate(length: number, dtype?: DType): DeviceBuffer
  /** Copies numbers to a buffer, all of it. @throws PosttrainError `invalid-argument` for another length */
  write(buffer: DeviceBuffer, data: ArrayLike<number>): void
  /** Copies a buffer back, once the work enqueued before is done. */
  read(buffer: DeviceBuffer): Promise<Float64Array>
  /** Sets every element. */
  fill(buffer: DeviceBuffer, value: number): void
  /** Copies between buffers of one dtype and length that do not overlap. */
  copy(source: DeviceBuffer, target: DeviceBuffer): void

  /** out = A · B, with any transposition, bias and accumulation. */
  matmul(args: MatmulArguments): void
  /** Column sums. */
  sumRows(args: SumRowsArguments): void
  /** Layer normalisation. */
  layerNorm(args: LayerNormArguments): void
  /** Its reverse. */
  layerNormBackward(args: LayerNormBackwardArguments): void
  /** Root-mean-square normalisation. */
  rmsNorm(args: RmsNormArguments): void
  /** Its reverse. */
  rmsNormBackward(args: RmsNormBackwardArguments): void
  /** ReLU, tanh-GELU or SiLU. */
  activation(args: ActivationArguments): void
  /** Its reverse. */
  activationBackward(args: ActivationBackwardArguments): void
  /** SiLU of a gate times a projection. */
  swiglu(args: SwigluArguments): void
  /** Its reverse. */
  swigluBackward(args: SwigluBackwardArguments): void
  /** out += scale · x. */
  add(args: AddArguments): void
  /** Rotary positions, in place. */
  rotary(args: RotaryArguments): void
  /** Causal self-attention over whole sequences. */
  attention(args: AttentionArguments): void
  /** Its reverse. */
  attentionBackward(args: AttentionBackwardArguments): void
  /** Causal self-attention of one new token per row over cached keys and values. */
  cachedAttention(args: CachedAttentionArguments): void
  /** Rows of a matrix, by index. */
  gatherRows(args: GatherRowsArguments): void
  /** Adds rows to a matrix, by index. */
  scatterAddRows(args: ScatterAddRowsArguments): void
  /** Token embeddings, with or without learned positions. */
  embedding(args: EmbeddingArguments): void
  /** Its reverse. */
  embeddingBackward(args: EmbeddingBackwardArguments): void
  /** Log-prob of the target, entropy and KL to a reference, from logits. */
  tokenScores(args: TokenScoresArguments): void
  /** Its reverse, from the cotangents of the three. */
  tokenScoresBackward(args: TokenScoresBackwardArguments): void
  /** Draws a token per row from supplied uniforms. */
  sampleTokens(args: SampleTokensArguments): void
  /** One AdamW update in place. */
  adamW(args: AdamWArguments): void
  /** Means of resamples. */
  bootstrapMeans(args: BootstrapMeansArguments): void
  /** Rewards of majority votes among resamples. */
  majorityVotes(args: MajorityVotesArguments): void
  /** Σ x², for global-norm clipping. */
  sumOfSquares(buffer: DeviceBuffer): Promise<number>

  /** Bytes allocated and not yet disposed. */
  readonly allocatedBytes: number
  /** Frees everything; no buffer of the device can be used afterwards. */
  dispose(): void
}
