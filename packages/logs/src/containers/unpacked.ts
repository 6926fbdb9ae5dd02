import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Chunks } from './chunks.js'
import { damaged } from './damaged.js'
import { growthGuard } from './growth.js'
import { peeked } from './peeked.js'
import { isZstd, unzstd } from './unzstd.js'

const GZIP = Buffer.from([0x1f, 0x8b])

/**
 * Unpacks what begins as gzip or zstd files do; everything else passes as it is.
 *
 * @param name of the file, for messages
 * @throws PosttrainError `invalid-data` for a file that is damaged, or grows as no log does
 */
export async function* unpacked(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  const { head, whole } = await peeked(chunks, 4)
  const isGzip = head.subarray(0, GZIP.length).equals(GZIP)
  if (!isGzip && !isZstd(head)) {
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
    throw damaged(name, 'gzip', error.message, error)
  }
}
