import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { invalidData, systemReason } from '@posttrain/core'

/** Where a recipe's embedded checkpoint lies. */
export const checkpointPath = (recipe: string): string =>
  fileURLToPath(new URL(`../checkpoints/${recipe}.safetensors`, import.meta.url))

/** Reads a recipe's embedded checkpoint. @throws PosttrainError `invalid-data` if it is not there */
export async function readCheckpoint(recipe: string): Promise<Uint8Array> {
  try {
    return await readFile(checkpointPath(recipe))
  } catch (error) {
    throw invalidData(
      `the checkpoint of ${recipe} cannot be read: ${systemReason(error)}`,
      `install the package again, or make the checkpoint with: posttrain pretrain ${recipe}`,
    )
  }
}

/** Reads a checkpoint file that was named. @throws PosttrainError `invalid-data` if it cannot be read */
export async function readCheckpointFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw invalidData(
      `cannot read the checkpoint ${path}: ${systemReason(error)}`,
      'give --checkpoint another file',
      error,
    )
  }
}
