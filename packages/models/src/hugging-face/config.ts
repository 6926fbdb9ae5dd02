import { unsupported } from '@posttrain/core'
import { parseJSON } from '@posttrain/text'
import * as z from 'zod'
import type { RotaryPositions, TransformerConfig } from '../transformer/config.js'

/** Model types whose folders can be loaded. */
export type HuggingFaceModelType = 'gpt2' | 'llama' | 'qwen2'

/** What a folder's `config.json` says. */
export interface HuggingFaceConfig {
  readonly modelType: HuggingFaceModelType
  readonly config: TransformerConfig
  /** `eos_token_id`; the first, where there are several. */
  readonly endToken: number | undefined
}

const size = z.int().positive()
const commonSchema = z.looseObject({
  vocab_size: size,
  eos_token_id: z.union([z.int(), z.array(z.int()).min(1)]).nullish(),
})

const gpt2Schema = commonSchema.extend({
  n_positions: size,
  n_embd: size,
  n_layer: size,
  n_head: size,
  n_inner: size.nullish(),
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  tie_word_embeddings: z.boolean().default(true),
})

const rotarySchema = z.looseObject({ rope_theta: z.number().positive().optional() })
const llamaSchema = commonSchema.extend({
  max_position_embeddings: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  hidden_act: z.string().default('silu'),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().optional(),
  rope_scaling: rotarySchema.nullish(),
  /** Where transformers 5 has what used to be `rope_theta` and `rope_scaling`. */
  rope_parameters: rotarySchema.nullish(),
  tie_word_embeddings: z.boolean().default(false),
})
const llama3Schema = z.looseObject({
  factor: z.number().positive(),
  low_freq_factor: z.number().positive(),
  high_freq_factor: z.number().positive(),
  original_max_position_embeddings: size,
})

const activations: Readonly<Record<string, TransformerConfig['activation']>> = {
  relu: 'relu',
  gelu_new: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  silu: 'silu',
  swish: 'silu',
}

/** Requires that a field that changes the computation, if it is there, has the value that is computed here. */
function requireOnly(json: Readonly<Record<string, unknown>>, supported: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(supported)) {
    const found = json[field] ?? value
    if (found !== value) throw unsupportedValue(field, found, JSON.stringify(value))
  }
}

const unsupportedValue = (field: string, value: unknown, supported: string): Error =>
  unsupported(`config.json has ${field} ${JSON.stringify(value)}`, `supported is ${supported}`)

/**
 * Reads a `config.json` of the GPT-2 or Llama family.
 *
 * @throws PosttrainError `invalid-data` for a malformed file, `unsupported` naming a value that would compute something
 *   else
 */
export function parseHuggingFaceConfig(text: string): HuggingFaceConfig {
  const { model_type: modelType } = parseJSON('config.json', text, z.looseObject({ model_type: z.string() }))
  if (modelType === 'gpt2') return parseGPT2(text)
  if (modelType === 'llama' || modelType === 'qwen2') return parseLlama(text, modelType)
  throw unsupportedValue('model_type', modelType, 'gpt2, llama and qwen2')
}

const endTokenOf = ({ eos_token_id: end }: z.infer<typeof commonSchema>): number | undefined =>
  (Array.isArray(end) ? end[0] : end) ?? undefined

function parseGPT2(text: string): HuggingFaceConfig {
  const json = parseJSON('config.json', text, gpt2Schema)
  requireOnly(json, { scale_attn_weights: true, scale_attn_by_inverse_layer_idx: false, add_cross_attention: false })
  const activation = activations[json.activation_function]
  if (!activation) {
    throw unsupportedValue('activation_function', json.activation_function, Object.keys(activations).join(', '))
  }
  const config: TransformerConfig = {
    vocabulary: json.vocab_size,
    context: json.n_positions,
    width: json.n_embd,
    layers: json.n_layer,
    heads: json.n_head,
    hidden: json.n_inner ?? 4 * json.n_embd,
    activation,
    normEpsilon: json.layer_norm_epsilon,
    tiedHead: json.tie_word_embeddings,
  }
  return { modelType: 'gpt2', config, endToken: endTokenOf(json) }
}

function parseLlama(text: string, modelType: 'llama' | 'qwen2'): HuggingFaceConfig {
  const json = parseJSON('config.json', text, llamaSchema)
  requireOnly(json, { hidden_act: 'silu', attention_bias: false, mlp_bias: false, use_sliding_window: false })
  const heads = json.num_attention_heads
  const config: TransformerConfig = {
    vocabulary: json.vocab_size,
    context: json.max_position_embeddings,
    width: json.hidden_size,
    layers: json.num_hidden_layers,
    heads,
    keyValueHeads: json.num_key_value_heads ?? heads,
    headSize: json.head_dim ?? json.hidden_size / heads,
    hidden: json.intermediate_size,
    activation: 'swiglu',
    normalisation: 'rms',
    normEpsilon: json.rms_norm_eps,
    positions: rotaryPositions(json),
    biases: modelType === 'qwen2' ? 'qkv' : 'none',
    tiedHead: json.tie_word_embeddings,
  }
  return { modelType, config, endToken: endTokenOf(json) }
}

function rotaryPositions(json: z.infer<typeof llamaSchema>): RotaryPositions {
  const rotary = { rope_theta: json.rope_theta, ...json.rope_scaling, ...json.rope_parameters }
  requireOnly(rotary, { partial_rotary_factor: 1 })
  const base = rotary.rope_theta ?? 10_000
  const fields: Readonly<Record<string, unknown>> = rotary
  const type = fields['rope_type'] ?? fields['type'] ?? 'default'
  if (type === 'default') return { base }
  if (type !== 'llama3') throw unsupportedValue('rope_type', type, 'default and llama3')
  const scaling = parseJSON("config.json's rotary scaling", JSON.stringify(rotary), llama3Schema)
  return {
    base,
    scaling: {
      factor: scaling.factor,
      lowFrequencyFactor: scaling.low_freq_factor,
      highFrequencyFactor: scaling.high_freq_factor,
      originalContext: scaling.original_max_position_embeddings,
    },
  }
}
