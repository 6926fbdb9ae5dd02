import { createHash } from 'node:crypto'
import { invalidData, systemCode, systemReason } from '@posttrain/core'
import * as z from 'zod'
import type { FileSystem } from './file-system.js'

/** What a file must be, so that damage is seen when it is read. */
export interface NamedFile {
  readonly name: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
}

export const namedFileSchema: z.ZodType<NamedFile> = z.strictObject({
  name: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What to do about damage that cannot be healed. */
export const RESTORE = 'restore the file from a copy and use --resume again, or start a new run with another --out'

/** SHA-256, in hexadecimal. */
export const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex')

/** What the content of a file is called. */
export const nameFile = (name: string, content: Uint8Array): NamedFile => ({
  name,
  bytes: content.byteLength,
  sha256: sha256(content),
})

/**
 * Reads a file of a folder and compares it with what it must be.
 *
 * @param namedBy the file that says so
 * @throws PosttrainError `invalid-data`, naming both, if it is missing, unreadable or another
 */
export function readNamed(fs: FileSystem, folder: string, file: NamedFile, namedBy: string): Uint8Array {
  const path = `${folder}/${file.name}`
  const content = readOrRefuse(fs, path, namedBy)
  if (content.byteLength === file.bytes && sha256(content) === file.sha256) return content
  throw invalidData(`${path} is damaged: it is not the file that ${namedBy} names`, RESTORE)
}

/** @throws PosttrainError `invalid-data`, naming the file, if it is missing or cannot be read */
export function readOrRefuse(fs: FileSystem, path: string, namedBy: string): Uint8Array {
  try {
    return fs.read(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw invalidData(`${path} is missing, but ${namedBy} names it`, RESTORE, error)
    throw invalidData(
      `${path} cannot be read: ${systemReason(error)}`,
      'put that right, then use --resume again',
      error,
    )
  }
}
