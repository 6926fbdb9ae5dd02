import { invalidData, systemCode, systemReason } from '@posttrain/core'
import type { FileSystem } from '../files/file-system.js'
import { readRunConfig, type RunConfig } from './config.js'
import { CONFIG } from './folder-layout.js'

/** What a folder is wanted for, in the words of a hint. */
export type RunUse = 'give --resume' | 'give the command'

/** The configuration of a folder. @throws PosttrainError `invalid-data` for what is no run or is damaged */
export function readConfig(fs: FileSystem, path: string, use: RunUse = 'give --resume'): RunConfig {
  const file = `${path}/${CONFIG}`
  let content: Uint8Array
  try {
    content = fs.read(file)
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR'
    throw missing
      ? invalidData(`${path} is no run folder: it has no ${CONFIG}`, `${use} the folder of an earlier run`)
      : invalidData(`cannot read ${file}: ${systemReason(error)}`, `${use} a folder that can be read`, error)
  }
  return readRunConfig(new TextDecoder().decode(content), file)
}
