import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDevice, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, invalidData, reasonOf, shown, systemReason } from '@posttrain/core'
import { loadHuggingFace, type TransformerPolicy } from '@posttrain/models'

/**
 * The policy of a Hugging Face folder on this machine.
 *
 * @throws PosttrainError `invalid-argument` for what is no such folder; otherwise as `loadHuggingFace`
 */
export async function openModelFolder(folder: string, choice: DeviceChoice): Promise<TransformerPolicy> {
  const read = (file: string): Uint8Array => {
    try {
      return readFileSync(join(folder, file))
    } catch (error) {
      const hint = 'give a folder with config.json, model.safetensors and tokenizer.json, as the Hub has them'
      throw invalidArgument(`cannot read ${shown(join(folder, file))}: ${systemReason(error)}`, hint)
    }
  }
  const text = (file: string): string => new TextDecoder().decode(read(file))
  const optional = (file: string): string | undefined => (existsSync(join(folder, file)) ? text(file) : undefined)
  const config = text('config.json')
  const weights = shardsOf(folder, optional('model.safetensors.index.json')).map(read)
  const { device } = await createDevice(choice)
  return loadHuggingFace({
    device,
    config,
    weights,
    tokenizer: text('tokenizer.json'),
    tokenizerConfig: optional('tokenizer_config.json'),
    chatTemplate: optional('chat_template.jinja'),
  })
}

function shardsOf(folder: string, index: string | undefined): readonly string[] {
  if (index === undefined) return ['model.safetensors']
  const file = shown(join(folder, 'model.safetensors.index.json'))
  try {
    const { weight_map: map } = JSON.parse(index) as { readonly weight_map: Readonly<Record<string, string>> }
    return [...new Set(Object.values(map))]
  } catch (error) {
    throw invalidData(`${file} names no shards: ${reasonOf(error)}`, 'download the folder again')
  }
}
