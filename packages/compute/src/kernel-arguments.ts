import type { DeviceBuffer } from './device-buffer.js'

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
