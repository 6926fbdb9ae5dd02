import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { invalidData } from '@posttrain/core'
import { Decompress } from 'fzstd'
import { growthGuard } from './growth.js'
import { peeked } from './peeked.js'

/** Bytes as they come from a file or a stream. */
export type Chunks = AsyncIterable<Uint8Array>

const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/**
 * Unpacks what begins as gzip or zstd files do; everything else passes as it is.
 *
 * @param name of the file, for messages
 * @throws PosttrainError `invalid-data` for a file that is damaged, or grows as no log does
 */
export async function* unpacked(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  const { head, whole } = await peeked(chunks, ZSTD.length)
  const isGzip = head.subarray(0, GZIP.length).equals(GZIP)
  if (!isGzip && !head.equals(ZSTD)) {
    yield* whole
    return
  }
  const guard = growthGuard(name)
  let [packed, out] = [0, 0]
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of whole) {
      packed += chunk.length
      yield chunk
    }
  }
  for await (const chunk of isGzip ? gunzipped(counted(), name) : unzstd(counted(), name)) {
    guard(packed, (out += chunk.length))
    yield chunk
  }
}

async function* gunzipped(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  // `pipeline` wants a callback, but also ends the stream with the error, and so it gets here.
  const stream = pipeline(Readable.from(chunks), createGunzip({ chunkSize: 2 ** 16 }), () => {})
  try {
    yield* stream as AsyncIterable<Buffer>
  } catch (error) {
    if (!(error instanceof Error) || !((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_')) throw error
    throw damaged(name, 'gzip', error)
  }
}

/** Unpacks zstd; Node has it only from 22.15. */
export async function* unzstd(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = []
  const decompress = new Decompress((data) => void out.push(data))
  const push = (chunk: Uint8Array, final: boolean): readonly Uint8Array[] => {
    out = []
    try {
      decompress.push(chunk, final)
    } catch (error) {
      throw damaged(name, 'zstd', error as Error)
    }
    return out
  }
  for await (const chunk of chunks) yield* push(chunk, false)
  yield* push(new Uint8Array(0), true)
}

const damaged = (name: string, kind: string, error: Error): Error =>
  invalidData(`${name} is a damaged ${kind} file: ${error.message}`, 'copy it again', error)
