/** Element types a device stores. `f32` buffers of the `reference` device hold float64. */
export type DType = 'f32' | 'i32'

/** Memory on a device, or a window into some. Freed by `dispose` alone: nothing on a device is garbage collected. */
export interface DeviceBuffer {
  readonly dtype: DType
  /** Number of elements. */
  readonly length: number
  /** A window of `length` elements from `offset` on; it shares the memory and need not be disposed. */
  view(offset: number, length: number): DeviceBuffer
  /** Frees the memory; of a view, nothing. */
  dispose(): void
}

/** Buffers of one shape of problem: `m × k` times `k × n`, row-major. */
export interface MatmulArguments {
  readonly m: number
  readonly n: number
  readonly k: number
  /** m × k; with `transposeA`, stored k × m. */
  readonly a: DeviceBuffer
  /** k × n; with `transposeB`, stored n × k. */
  readonly b: DeviceBuffer
  /** m × n. */
  readonly out: DeviceBuffer
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  /** Adds to `out` instead of replacing it. */
  readonly accumulate?: boolean
  /** n entries added to every row. */
  readonly bias?: DeviceBuffer
}

/** Column sums, for the gradient of a bias: out += Σ over rows of x. */
export interface SumRowsArguments {
  readonly rows: number
  readonly columns: number
  /** rows × columns. */
  readonly x: DeviceBuffer
  /** columns; accumulated into. */
  readonly out: DeviceBuffer
}

/** out = (x − mean) / √(variance + ε) · gain + bias, row by row. */
export interface LayerNormArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  /** columns. */
  readonly gain: DeviceBuffer
  /** columns. */
  readonly bias: DeviceBuffer
  readonly out: DeviceBuffer
  /** rows × 2: mean and reciprocal standard deviation, kept for the backward pass. */
  readonly statistics: DeviceBuffer
  /** Default 1e-5. */
  readonly epsilon?: number
}

/** The reverse of `layerNorm`. */
export interface LayerNormBackwardArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  readonly gain: DeviceBuffer
  readonly statistics: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Accumulated into: the residual stream's gradient is already there. */
  readonly gradX: DeviceBuffer
  /** Accumulated into. */
  readonly gradGain: DeviceBuffer
  /** Accumulated into. */
  readonly gradBias: DeviceBuffer
}

/** `gelu` is the tanh approximation that GPT-2 uses. */
export type Activation = 'relu' | 'gelu'

/** out = f(x), entry by entry. */
export interface ActivationArguments {
  readonly kind: Activation
  readonly length: number
  readonly x: DeviceBuffer
  /** May be `x`. */
  readonly out: DeviceBuffer
}

/** gradX = f′(x) · gradOut, entry by entry. */
export interface ActivationBackwardArguments {
  readonly kind: Activation
  readonly length: number
  /** Input of the forward pass. */
  readonly x: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Replaced; may be `gradOut`. */
  readonly gradX: DeviceBuffer
}

/** out += x, for a residual stream. */
export interface AddArguments {
  readonly length: number
  readonly x: DeviceBuffer
  /** out += x. */
  readonly out: DeviceBuffer
}

/** Causal self-attention over whole sequences; width = heads × headSize. */
export interface AttentionArguments {
  readonly batch: number
  readonly length: number
  readonly heads: number
  readonly headSize: number
  /** (batch · length) × (3 · width): queries, keys and values of a token side by side. */
  readonly qkv: DeviceBuffer
  /** (batch · length) × width. */
  readonly out: DeviceBuffer
  /** batch × heads × length × length, kept for the backward pass; 0 above the diagonal. */
  readonly probabilities: DeviceBuffer
}

/** The reverse of `attention`, from its kept probabilities. */
export interface AttentionBackwardArguments {
  readonly batch: number
  readonly length: number
  readonly heads: number
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
  readonly headSize: number
  /** Tokens per row that the caches have room for. */
  readonly capacity: number
  /** batch × (3 · width) of the new tokens. */
  readonly qkv: DeviceBuffer
  /** batch × capacity × width; the new token's keys are written at its row's position. */
  readonly keys: DeviceBuffer
  /** As `keys`. */
  readonly values: DeviceBuffer
  /** i32, batch: the new token's position, that is the number of tokens before it. */
  readonly positions: DeviceBuffer
  /** batch × width. */
  readonly out: DeviceBuffer
}

/** out[row] = source[indices[row]], for instance to hand a group's prompt cache to each of its samples. */
export interface GatherRowsArguments {
  readonly rows: number
  readonly columns: number
  readonly source: DeviceBuffer
  /** i32, rows. */
  readonly indices: DeviceBuffer
  readonly out: DeviceBuffer
}

/** out[indices[row]] += source[row]: the transpose of GatherRows. */
export interface ScatterAddRowsArguments {
  readonly rows: number
  readonly columns: number
  readonly source: DeviceBuffer
  /** i32, rows. */
  readonly indices: DeviceBuffer
  readonly out: DeviceBuffer
}

/** out[row] = tokenTable[tokens[row]] + positionTable[positions[row]]. */
export interface EmbeddingArguments {
  readonly rows: number
  readonly columns: number
  /** i32, rows. */
  readonly tokens: DeviceBuffer
  /** i32, rows. */
  readonly positions: DeviceBuffer
  readonly tokenTable: DeviceBuffer
  readonly positionTable: DeviceBuffer
  readonly out: DeviceBuffer
}

/** The reverse of `embedding`: rows of gradOut are added to the rows of both tables that they came from. */
export interface EmbeddingBackwardArguments {
  readonly rows: number
  readonly columns: number
  readonly tokens: DeviceBuffer
  readonly positions: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Accumulated into. */
  readonly gradTokenTable: DeviceBuffer
  /** Accumulated into. */
  readonly gradPositionTable: DeviceBuffer
}

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

/** One token per row by inverting the cumulative distribution of softmax(logits / temperature) at a given uniform. */
export interface SampleTokensArguments {
  readonly rows: number
  readonly vocabulary: number
  readonly logits: DeviceBuffer
  /** rows, on [0, 1): the smallest v with Σ_{j ≤ v} p_j > u is taken, so a seed means the same on every device. */
  readonly uniforms: DeviceBuffer
  /** 0: the most likely token, the first among equals. */
  readonly temperature: number
  /** i32, rows. */
  readonly tokens: DeviceBuffer
  /** rows: log-prob of the taken token under softmax(logits), at temperature 1. */
  readonly logprob: DeviceBuffer
}

/** p ← p·(1 − lr·decay) − lr·m̂/(√v̂ + ε); m and v are updated in place. */
export interface AdamWArguments {
  readonly length: number
  readonly parameters: DeviceBuffer
  readonly gradients: DeviceBuffer
  readonly firstMoment: DeviceBuffer
  readonly secondMoment: DeviceBuffer
  /** 1 for the first step. */
  readonly step: number
  readonly learningRate: number
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly weightDecay: number
  /** Factor on the gradients (global-norm clipping). */
  readonly gradientScale: number
}

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
  /** ReLU or tanh-GELU. */
  activation(args: ActivationArguments): void
  /** Its reverse. */
  activationBackward(args: ActivationBackwardArguments): void
  /** out += x. */
  add(args: AddArguments): void
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
  /** Token and position embeddings. */
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
  /** Σ x², for global-norm clipping. */
  sumOfSquares(buffer: DeviceBuffer): Promise<number>

  /** Bytes allocated and not yet disposed. */
  readonly allocatedBytes: number
  /** Frees everything; no buffer of the device can be used afterwards. */
  dispose(): void
}
