import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import { ByteReader } from './byte-reader.js'
import { damaged } from './damaged.js'
import type { Chunks } from './chunks.js'

const MAGIC = 0xfd2fb528
/** Of frames that hold something else than data; the last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50
/** Bytes that are skipped at once. */
const PIECE = 2 ** 16

/** Whether a file that begins with these bytes is one of zstd: with a frame of data or one to skip. */
export const isZstd = (head: Buffer): boolean => head.length >= 4 && (isData(head) || isSkippable(head))

const isData = (magic: Buffer): boolean => magic.readUInt32LE() === MAGIC
const isSkippable = (magic: Buffer): boolean => (magic.readUInt32LE() & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC

/**
 * Unpacks zstd frame by frame, and compares what comes out with the checksum of the frame where it has one (RFC 8878,
 * 3.1). Node has zstd only from 22.15.
 *
 * @param name of the file, for messages
 * @throws PosttrainError `invalid-data` for a file that is damaged
 */
export async function* unzstd(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(chunks)
  const take = async (size: number): Promise<Buffer> => {
    const taken = await bytes.take(size)
    if (taken === undefined) throw damaged(name, 'zstd', 'it ends too early')
    return taken
  }
  const skip = async (size: number): Promise<void> => {
    for (let left = size; left > 0; left -= PIECE) await take(Math.min(left, PIECE))
  }
  try {
    while (!(await bytes.isAtEnd())) {
      const magic = await take(4)
      if (isData(magic)) yield* unpackedFrame(magic, take, name)
      else if (isSkippable(magic)) await skip((await take(4)).readUInt32LE())
      else throw damaged(name, 'zstd', 'something else stands between its frames')
    }
  } finally {
    await bytes.close()
  }
}

async function* unpackedFrame(
  magic: Buffer,
  take: (size: number) => Promise<Buffer>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const descriptor = await take(1)
  const { rest, hasChecksum } = headerOf(descriptor.readUInt8())
  const hash = hasChecksum ? (await xxhash()).create64() : undefined
  let out: Uint8Array[] = []
  const decompress = new Decompress((data) => void out.push(data))
  const push = (bytes: Uint8Array, final = false): readonly Uint8Array[] => {
    out = []
    try {
      decompress.push(bytes, final)
    } catch (error) {
      throw damaged(name, 'zstd', error instanceof Error ? error.message : String(error), error)
    }
    for (const data of out) hash?.update(data)
    return out
  }
  yield* push(Buffer.concat([magic, descriptor, await take(rest)]))
  for (let isLast = false; !isLast;) {
    const head = await take(3)
    const [flags, size] = [head.readUIntLE(0, 3) & 7, head.readUIntLE(0, 3) >>> 3]
    isLast = (flags & 1) === 1
    const isRun = flags >>> 1 === 1 // one byte, repeated
    yield* push(Buffer.concat([head, await take(isRun ? 1 : size)]))
  }
  const checksum = await take(hash === undefined ? 0 : 4)
  yield* push(checksum, true)
  if (hash !== undefined && BigInt(checksum.readUInt32LE()) !== (hash.digest() & 0xffffffffn)) {
    throw damaged(name, 'zstd', 'its checksum is another')
  }
}

/** What the first byte of a frame says of it: how many bytes of the header follow, and whether a checksum ends it. */
function headerOf(descriptor: number): { readonly rest: number; readonly hasChecksum: boolean } {
  const isSingleSegment = ((descriptor >>> 5) & 1) === 1
  const window = isSingleSegment ? 0 : 1
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!
  return { rest: window + dictionary + contentSize, hasChecksum: ((descriptor >>> 2) & 1) === 1 }
}
