import type { Device } from '@posttrain/compute'
import { requireInteger } from '@posttrain/core'
import { huggingFaceTemplate, huggingFaceTokenizer } from '@posttrain/text'
import { architectureOf } from '../transformer/architecture.js'
import { parseTransformerConfig } from '../transformer/config.js'
import { requireSizes } from '../transformer/require-sizes.js'
import { TransformerPolicy, type Additions } from '../transformer/transformer-policy.js'
import { parseHuggingFaceConfig } from './config.js'
import { gpt2Weights } from './gpt2-weights.js'
import { llamaWeights } from './llama-weights.js'
import { joinShards } from './weights.js'

/** Contents of the files of a Hugging Face folder, and what to make of them. */
export interface HuggingFaceFolder extends Additions {
  readonly device: Device
  /** `config.json`. */
  readonly config: string
  /** `model.safetensors`, or every shard that `model.safetensors.index.json` names, in any order. */
  readonly weights: Uint8Array | readonly Uint8Array[]
  /** `tokenizer.json`. */
  readonly tokenizer: string
  /** `tokenizer_config.json`, where there is one. */
  readonly tokenizerConfig?: string | undefined
  /** `chat_template.jinja`, where there is one; otherwise `tokenizer_config.json` may have the template. */
  readonly chatTemplate?: string | undefined
  /** Longest sequence, if shorter ones than the model knows will do. */
  readonly context?: number | undefined
}

/**
 * A policy from a Hugging Face folder of the GPT-2 or Llama family: `model_type` gpt2, llama or qwen2, weights in F32,
 * BF16 or F16, which are widened.
 *
 * What would make the model compute something else is refused: another activation, rotary scaling or sliding window,
 * tensors that are missing, mis-shaped or not known.
 *
 * @param folder contents of its files; reading them is the caller's
 * @returns a policy of `folder.device`, which samples, scores and learns
 * @throws PosttrainError `invalid-data`, naming the tensor or field, for files that are not right, `unsupported`,
 *   naming the field and its value, for a model of another kind
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { createReferenceDevice } from '@posttrain/compute'
 *
 * const read = (file: string) => readFileSync(`tools/golden/hugging-face/llama/${file}`) // any folder of the Hub
 * const policy = loadHuggingFace({
 *   device: createReferenceDevice(),
 *   config: read('config.json').toString(),
 *   weights: read('model.safetensors'),
 *   tokenizer: read('tokenizer.json').toString(),
 *   tokenizerConfig: read('tokenizer_config.json').toString(),
 * })
 * policy.config.keyValueHeads // => 2
 * ```
 */
export function loadHuggingFace(folder: HuggingFaceFolder): TransformerPolicy {
  const { device, weights, tokenizer, tokenizerConfig, chatTemplate, valueHead = false, lora, lineage } = folder
  const { modelType, config: whole, endToken } = parseHuggingFaceConfig(folder.config)
  const context = requireInteger('context', folder.context ?? whole.context, { min: 1, max: whole.context })
  const config = parseTransformerConfig({ ...whole, context, ...(valueHead ? { valueHead } : {}) })
  const architecture = architectureOf(config)
  const tensors = joinShards(weights instanceof Uint8Array ? [weights] : weights)
  requireSizes(architecture, tensors)
  const toOurs = modelType === 'gpt2' ? gpt2Weights : llamaWeights
  return new TransformerPolicy({
    device,
    config,
    tokenizer: huggingFaceTokenizer({ tokenizer, tokenizerConfig, vocabulary: config.vocabulary, endToken }),
    template: huggingFaceTemplate({ tokenizerConfig, chatTemplate }),
    weights: toOurs(tensors, architecture),
    lora,
    lineage,
  })
}
