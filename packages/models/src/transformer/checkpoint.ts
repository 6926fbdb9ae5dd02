import { invalidData } from '@posttrain/core'
import { z } from 'zod'
import { parseJSON } from '../parse-json.js'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../safetensors.js'
import { tokenizerFromJSON } from '../tokenizer-from-json.js'
import type { Tokenizer } from '../tokenizer.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { loraSchema, type LoraSettings } from './lora.js'

/** What a checkpoint file is of: a policy, an adapter alone, or a reward model. */
export type CheckpointKind = 'transformer' | 'adapter' | 'reward-model'

/** A transformer's checkpoint: one safetensors file whose metadata hold the shape and the tokenizer. */
export interface Checkpoint {
  readonly kind: CheckpointKind
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  readonly tensors: ReadonlyMap<string, Tensor>
  /** Optimizer steps behind the weights. */
  readonly steps: number
  /** Of an adapter. */
  readonly lora?: LoraSettings
}

const metadataSchema = z.object({
  format: z.templateLiteral(['posttrain-', z.enum(['transformer', 'adapter', 'reward-model'])]),
  config: z.string(),
  tokenizer: z.string(),
  steps: z.coerce.number().int().nonnegative(),
  lora: z.string().optional(),
})

/** Writes a checkpoint file. */
export function encodeCheckpoint({ kind, config, tokenizer, tensors, steps, lora }: Checkpoint): Uint8Array {
  const metadata = {
    format: `posttrain-${kind}`,
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    steps: String(steps),
    ...(lora ? { lora: JSON.stringify(lora) } : {}),
  }
  return encodeSafetensors({ tensors, metadata })
}

/**
 * Reads a checkpoint file.
 *
 * @param kinds those that are accepted
 * @throws PosttrainError `invalid-data` if it is no safetensors file, lacks the metadata of a transformer or is of
 *   another kind
 */
export function decodeCheckpoint(file: Uint8Array, kinds: readonly CheckpointKind[]): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(file)
  const parsed = metadataSchema.safeParse(metadata)
  if (!parsed.success) {
    throw invalidData(`the file is no posttrain checkpoint: ${z.prettifyError(parsed.error)}`)
  }
  const { format, config, tokenizer, steps, lora } = parsed.data
  const kind = kinds.find((accepted) => format === `posttrain-${accepted}`)
  if (!kind) {
    throw invalidData(
      `the file is a ${format} checkpoint, but a ${kinds.join(' or ')} is needed`,
      'an adapter is loaded into a policy that was made with its lora settings',
    )
  }
  return {
    kind,
    config: parseTransformerConfig(parseJSON("the checkpoint's config", config, z.unknown())),
    tokenizer: tokenizerFromJSON(tokenizer),
    tensors,
    steps,
    ...(lora === undefined ? {} : { lora: parseJSON("the checkpoint's lora", lora, loraSchema) }),
  }
}
