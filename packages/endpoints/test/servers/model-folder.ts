import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFile } from '../store/folder.js'
import { huggingFaceFiles } from './hugging-face-files.js'

/** A folder of the model, whose path is also its name. Without the one file its tokens are the most likely ones. */
export function modelFolder({ isSampled }: { isSampled: boolean }): string {
  const folder = newFile('tiny')
  mkdirSync(folder)
  const { 'generation_config.json': sampled, ...files } = huggingFaceFiles()
  if (isSampled) writeFileSync(join(folder, 'generation_config.json'), sampled)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
