import { invalidData, requireInteger } from '@posttrain/core'
import { z } from 'zod'

/** Shape of a decoder-only transformer of the GPT-2 kind: pre-layer-norm, learned positions, biases, untied head. */
export interface TransformerConfig {
  /** Number of tokens it knows. */
  readonly vocabulary: number
  /** Longest sequence, prompt and completion together. */
  readonly context: number
  /** Size of the residual stream; a multiple of `heads`. */
  readonly width: number
  readonly layers: number
  readonly heads: number
  /** Hidden size of the feed-forward layers. */
  readonly hidden: number
  readonly activation: 'relu' | 'gelu'
}

const size = z.int().positive()
const schema = z
  .strictObject({
    vocabulary: size,
    context: size,
    width: size,
    layers: size,
    heads: size,
    hidden: size,
    activation: z.enum(['relu', 'gelu']),
  })
  .refine(({ width, heads }) => width % heads === 0, { message: 'width must be a multiple of heads' })

/**
 * Checks a configuration that comes from a file or a caller.
 *
 * @throws PosttrainError `invalid-data` saying which field is wrong
 */
export function parseTransformerConfig(value: unknown): TransformerConfig {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidData(`not a transformer configuration: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Requires that prompt and completion fit the context. */
export function requireFits(config: TransformerConfig, promptTokens: number, completionTokens: number): void {
  requireInteger('number of prompt tokens', promptTokens, { min: 1 })
  requireInteger('number of prompt and completion tokens', promptTokens + completionTokens, { max: config.context })
}
