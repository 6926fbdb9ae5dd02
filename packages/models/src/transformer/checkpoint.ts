import { invalidData, problemsOf } from '@posttrain/core'
import { chatTemplateFromJSON, parseJSON, tokenizerFromJSON, type TextCodec } from '@posttrain/text'
import * as z from 'zod'
import { parseProgress, progressMetadata } from '../progress-metadata.js'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import type { Tensor } from '../tensor.js'
import type { Progress } from '../trained-parameters.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { loraSchema, type LoraSettings } from './lora.js'

/** What a checkpoint file is of: a policy, an adapter alone, or a reward model. */
export type CheckpointKind = 'transformer' | 'adapter' | 'reward-model'

/** What a checkpoint file holds beside weights. */
export interface CheckpointHeader {
  readonly kind: CheckpointKind
  readonly config: TransformerConfig
  readonly codec: TextCodec
  /** Names the weights along a training run. Files of an older version have none. */
  readonly lineage: string | undefined
  readonly progress: Progress
  /** Of an adapter. */
  readonly lora?: LoraSettings | undefined
}

/**
 * A transformer's checkpoint: one safetensors file whose metadata hold the shape, the tokenizer and the chat template.
 */
export interface TransformerCheckpoint extends CheckpointHeader {
  readonly tensors: ReadonlyMap<string, Tensor>
}

const metadataSchema = z.object({
  format: z.templateLiteral(['posttrain-', z.enum(['transformer', 'adapter', 'reward-model'])]),
  config: z.string(),
  tokenizer: z.string(),
  template: z.string().optional(),
  lineage: z.string().optional(),
  lora: z.string().optional(),
})

const whereDefined = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

/** Writes a checkpoint file. @param optimizer whether the tensors hold the optimizer's moments too */
export function encodeCheckpoint(checkpoint: TransformerCheckpoint, optimizer: boolean): Uint8Array {
  const { kind, config, codec, tensors, lineage, progress, lora } = checkpoint
  const metadata = whereDefined({
    format: `posttrain-${kind}`,
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(codec.tokenizer),
    template: codec.template && JSON.stringify(codec.template),
    lineage,
    ...progressMetadata(progress, optimizer),
    lora: lora && JSON.stringify(lora),
  })
  return encodeSafetensors({ tensors, metadata })
}

/**
 * Reads a checkpoint file.
 *
 * @param kinds those that are accepted
 * @throws PosttrainError `invalid-data` if it is not a safetensors file, lacks the metadata of a transformer or is of
 *   another kind
 */
export function decodeCheckpoint(file: Uint8Array, kinds: readonly CheckpointKind[]): TransformerCheckpoint {
  const { tensors, metadata } = decodeSafetensors(file)
  const parsed = metadataSchema.safeParse(metadata)
  if (!parsed.success) {
    throw invalidData(`the file is not a posttrain checkpoint: ${problemsOf(parsed.error)}`)
  }
  const { format, config, tokenizer, template, lineage, lora } = parsed.data
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
    codec: {
      tokenizer: tokenizerFromJSON(tokenizer),
      template: template === undefined ? undefined : chatTemplateFromJSON(template),
    },
    tensors,
    lineage,
    progress: parseProgress(metadata),
    lora: lora === undefined ? undefined : parseJSON("the checkpoint's lora", lora, loraSchema),
  }
}
