import { invalidData, requireInteger, problemsOf } from '@posttrain/core'
import * as z from 'zod'

/** Llama 3's stretching of slow rotations beyond the context they were trained for: `rope_type: llama3`. */
export interface RotaryScaling {
  /** Slow rotations are slowed down by this factor, from 1 to 10⁶. */
  readonly factor: number
  /** Above 0, below `highFrequencyFactor`: rotations of fewer turns than this over the original context are slow … */
  readonly lowFrequencyFactor: number
  /** … those of more turns than this are left as they are, and between the two it is interpolated. */
  readonly highFrequencyFactor: number
  readonly originalContext: number
}

/** Rotary positions: queries and keys are turned by angles position · base^(−2i/headSize). */
export interface RotaryPositions {
  /** Called `rope_theta` in Hugging Face's configurations; 10,000 in the paper. From 1 to 10¹⁵. */
  readonly base: number
  readonly scaling?: RotaryScaling | undefined
}

/**
 * Shape of a decoder-only transformer that normalises before each block. What is optional chooses between GPT-2's
 * parts, the defaults, and Llama's; `gpt2Like` and `llamaLike` set them together.
 */
export interface TransformerConfig {
  /** Number of tokens it knows. */
  readonly vocabulary: number
  /** Longest sequence, prompt and completion together. */
  readonly context: number
  /** Size of the residual stream. */
  readonly width: number
  readonly layers: number
  /** Query heads. */
  readonly heads: number
  /** Hidden size of the feed-forward layers. */
  readonly hidden: number
  /** Of the feed-forward layers; `gelu` is the tanh approximation, `swiglu` is gated. */
  readonly activation: 'relu' | 'gelu' | 'silu' | 'swiglu'
  /** Heads of keys and values, each shared by heads / keyValueHeads query heads (default: `heads`). */
  readonly keyValueHeads?: number | undefined
  /** Default: width / heads. */
  readonly headSize?: number | undefined
  /** Default `layer`. */
  readonly normalisation?: 'layer' | 'rms' | undefined
  /** ε under the square root, from 10⁻³⁰ to 1 (default 1e-5). */
  readonly normEpsilon?: number | undefined
  /** Default `learned`. */
  readonly positions?: 'learned' | RotaryPositions | undefined
  /** Which matrices have a bias: all, those of queries, keys and values, or none (default `all`). */
  readonly biases?: 'all' | 'qkv' | 'none' | undefined
  /** The head that makes logits is the token table (default false). */
  readonly tiedHead?: boolean | undefined
  /** Adds a head that makes one number per token, `TokenScores.value` (default false). */
  readonly valueHead?: boolean | undefined
}

const size = z.int().positive()
const positive = z.number().positive()
const schema: z.ZodType<TransformerConfig> = z
  .strictObject({
    vocabulary: size,
    context: size,
    width: size,
    layers: size,
    heads: size,
    hidden: size,
    activation: z.enum(['relu', 'gelu', 'silu', 'swiglu']),
    keyValueHeads: size.optional(),
    headSize: size.optional(),
    normalisation: z.enum(['layer', 'rms']).optional(),
    normEpsilon: z.number().min(1e-30).max(1).optional(),
    positions: z
      .union([
        z.literal('learned'),
        z.strictObject({
          base: z.number().min(1).max(1e15),
          scaling: z
            .strictObject({
              factor: z.number().min(1).max(1e6),
              lowFrequencyFactor: positive,
              highFrequencyFactor: positive,
              originalContext: size,
            })
            .refine(({ lowFrequencyFactor: low, highFrequencyFactor: high }) => low < high, {
              message: 'lowFrequencyFactor must be below highFrequencyFactor',
            })
            .optional(),
        }),
      ])
      .optional(),
    biases: z.enum(['all', 'qkv', 'none']).optional(),
    tiedHead: z.boolean().optional(),
    valueHead: z.boolean().optional(),
  })
  .refine(({ width, heads, headSize }) => headSize !== undefined || width % heads === 0, {
    message: 'width must be a multiple of heads, or headSize be given',
  })
  .refine(({ heads, keyValueHeads = heads }) => heads % keyValueHeads === 0, {
    message: 'heads must be a multiple of keyValueHeads',
  })
  .refine(
    ({ positions = 'learned', width, heads, headSize = width / heads }) =>
      positions === 'learned' || headSize % 2 === 0,
    { message: 'rotary positions need an even headSize' },
  )

/**
 * Checks a configuration that comes from a file or a caller.
 *
 * @throws PosttrainError `invalid-data` saying which field is wrong
 * @example
 * ```ts
 * const sizes = { vocabulary: 32, context: 64, width: 16, layers: 2, heads: 4, hidden: 64 }
 * parseTransformerConfig({ ...sizes, activation: 'gelu' }).activation // => 'gelu'
 * ```
 */
export function parseTransformerConfig(value: unknown): TransformerConfig {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidData(`not a transformer configuration: ${problemsOf(parsed.error)}`)
  return parsed.data
}

/** Requires that prompt and completion fit the context. */
export function requireFits(
  { context }: Pick<TransformerConfig, 'context'>,
  promptTokens: number,
  completionTokens: number,
): void {
  requireInteger('number of prompt tokens', promptTokens, { min: 1 })
  requireInteger('number of prompt and completion tokens', promptTokens + completionTokens, { max: context })
}
