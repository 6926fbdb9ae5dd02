import { createReadStream } from 'node:fs'
import { invalidArgument, PosttrainError, systemCode, systemReason } from '@posttrain/core'
import type { Chunks } from './containers/chunks.js'
import { unpacked } from './containers/unpacked.js'
import { nameOfSource, type NamedBytes } from './log-source.js'

/**
 * The bytes of a source, unpacked where they are gzip or zstd.
 *
 * @param onBytes told of the size of each block read, before unpacking
 * @throws PosttrainError for a source that cannot be read or is damaged
 */
export async function* bytesOf(
  source: string | NamedBytes,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const name = nameOfSource(source)
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    const bytes: Chunks = typeof source === 'string' ? createReadStream(source) : source.bytes
    for await (const chunk of bytes) {
      onBytes(chunk.length)
      yield chunk
    }
  }
  try {
    yield* unpacked(counted(), name)
  } catch (error) {
    throw explained(error, name)
  }
}

/** An error of the system in words; whatever else was thrown is of the caller's own bytes, and stays as it is. */
function explained(error: unknown, name: string): unknown {
  if (error instanceof PosttrainError || !(error instanceof Error)) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (systemCode(error) === undefined && code !== 'ERR_INVALID_ARG_VALUE') return error
  return invalidArgument(`cannot read ${name}: ${systemReason(error)}`, 'check the path')
}
