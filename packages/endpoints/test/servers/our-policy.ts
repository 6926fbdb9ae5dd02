import { createReferenceDevice } from '@posttrain/compute'
import { loadHuggingFace, type TransformerPolicy } from '@posttrain/models'
import { huggingFaceFiles } from './hugging-face-files.js'

/** The tiny model in our own transformer, in double precision: what servers say of it is compared with this. */
export function ourPolicy(): TransformerPolicy {
  const files = huggingFaceFiles()
  return loadHuggingFace({
    device: createReferenceDevice(),
    config: files['config.json'],
    weights: files['model.safetensors'],
    tokenizer: files['tokenizer.json'],
    tokenizerConfig: files['tokenizer_config.json'],
  })
}
