import { readdirSync, readFileSync } from 'node:fs'
import type { HuggingFaceFolder } from '@posttrain/models'

/** One model's numbers, as Python's `transformers` has them. */
export interface ModelGolden {
  readonly tokenizer: 'gpt2' | 'llama'
  readonly prompts: readonly (readonly number[])[]
  readonly completions: readonly (readonly number[])[]
  readonly lastLogits: readonly (readonly number[])[]
  readonly logprobs: readonly (readonly number[])[]
  readonly losses: readonly number[]
  readonly gradientNorms: readonly number[]
  readonly logprobsAfter: readonly (readonly number[])[]
}

interface Golden {
  readonly texts: readonly (readonly [prompt: string, completion: string])[]
  readonly optimizer: { learningRate: number; betas: [number, number]; epsilon: number; weightDecay: number }
  readonly models: Readonly<Record<string, ModelGolden>>
}

const root = new URL('../../../../tools/golden/', import.meta.url)

/** What tools/golden/hugging-face.py wrote. */
export const golden = JSON.parse(readFileSync(new URL('hugging-face.json', root), 'utf8')) as Golden

/** Contents of a model's folder; the tokenizer files are those of its family. */
export function folderOf(name: string): Omit<HuggingFaceFolder, 'device'> {
  const text = (folder: string, file: string): string =>
    readFileSync(new URL(`hugging-face/${folder}/${file}`, root), 'utf8')
  const family = golden.models[name]!.tokenizer
  const shards = readdirSync(new URL(`hugging-face/${name}`, root)).filter((file) => file.endsWith('.safetensors'))
  return {
    config: text(name, 'config.json'),
    weights: shards.map((file) => readFileSync(new URL(`hugging-face/${name}/${file}`, root))),
    tokenizer: text(family, 'tokenizer.json'),
    tokenizerConfig: text(family, 'tokenizer_config.json'),
  }
}
