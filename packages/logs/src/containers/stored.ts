import { statSync } from 'node:fs'
import { invalidData } from '@posttrain/core'
import type { Chunks } from './chunks.js'

/** Beyond this nothing is held in memory as a whole. */
export const LARGEST_WHOLE: number = 256 * 2 ** 20

/** Bytes that can be read at any place: of a file on a disk, or collected. */
export type Stored = { readonly path: string } | { readonly bytes: Buffer }

/**
 * Collects a stream.
 *
 * @param name of the source, and `what` it holds, for the message
 * @throws PosttrainError `invalid-data` where it is larger than is held as a whole
 */
export async function collected(chunks: Chunks, name: string, what: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let held = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    held += chunk.length
    if (held > LARGEST_WHOLE) {
      throw invalidData(
        `${name}: ${what} of more than ${LARGEST_WHOLE / 2 ** 20} MiB is not read as a whole`,
        'write JSON Lines, which are read row by row',
      )
    }
  }
  return Buffer.concat(parts)
}

/** Whether a path leads to a file on a disk, and not to a pipe for instance. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
