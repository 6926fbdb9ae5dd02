import { invalidData } from '@posttrain/core'
import { z } from 'zod'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../safetensors.js'
import { wordTokenizer, type Tokenizer } from '../tokenizer.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'

/** A transformer's checkpoint: one safetensors file whose metadata hold the shape and the tokenizer. */
export interface Checkpoint {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  readonly tensors: ReadonlyMap<string, Tensor>
  /** Optimizer steps behind the weights. */
  readonly steps: number
}

const metadataSchema = z.object({
  format: z.literal('posttrain-transformer'),
  config: z.string(),
  tokenizer: z.string(),
  steps: z.coerce.number().int().nonnegative(),
})

const tokenizerSchema = z.object({
  kind: z.literal('words'),
  words: z.array(z.string()),
  end: z.string().optional(),
})

/** Writes a checkpoint file. */
export function encodeCheckpoint({ config, tokenizer, tensors, steps }: Checkpoint): Uint8Array {
  const metadata = {
    format: 'posttrain-transformer',
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer.toJSON()),
    steps: String(steps),
  }
  return encodeSafetensors({ tensors, metadata })
}

/**
 * Reads a checkpoint file.
 *
 * @throws PosttrainError `invalid-data` if it is no safetensors file or lacks the metadata of a transformer
 */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(file)
  const parsed = metadataSchema.safeParse(metadata)
  if (!parsed.success) {
    throw invalidData(`the file is no posttrain checkpoint: ${z.prettifyError(parsed.error)}`)
  }
  const { words, end } = parseJSON('tokenizer', parsed.data.tokenizer, tokenizerSchema)
  const config = parseTransformerConfig(parseJSON('config', parsed.data.config, z.unknown()))
  return { config, tokenizer: wordTokenizer(words, end), tensors, steps: parsed.data.steps }
}

function parseJSON<T>(field: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalidData(`the checkpoint's ${field} is not JSON`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidData(`the checkpoint's ${field} is malformed: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
