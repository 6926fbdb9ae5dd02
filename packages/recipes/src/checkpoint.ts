import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { invalidData } from '@posttrain/core'

/** Where a recipe's embedded checkpoint lies. */
export const checkpointUrl = (recipe: string): URL => new URL(`../checkpoints/${recipe}.safetensors`, import.meta.url)

/** Reads a recipe's embedded checkpoint. @throws PosttrainError `invalid-data` if it is not there */
export async function readCheckpoint(recipe: string): Promise<Uint8Array> {
  try {
    return await readFile(checkpointUrl(recipe))
  } catch (error) {
    throw invalidData(
      `the checkpoint of ${recipe} cannot be read: ${(error as Error).message}`,
      `install the package again, or make the checkpoint with: posttrain pretrain ${recipe}`,
    )
  }
}

/** SHA-256 of a file, in hexadecimal. */
export const sha256 = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex')
