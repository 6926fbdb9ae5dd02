import { crc32 } from 'node:zlib'
import { invalidData } from '@posttrain/core'
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl'
import { growthGuard } from './growth.js'
import { LARGEST_WHOLE, type Stored } from './stored.js'
import type { Chunks } from './chunks.js'
import { unzstd } from './unzstd.js'

const ZSTD_METHOD = 93

/** The members of a zip archive, read one by one. */
export interface ZipArchive {
  /** Of the members, in the order of the archive's table; where a name stands twice, the later member counts. */
  readonly names: readonly string[]
  /** The bytes of a member, unpacked. */
  read(name: string): Promise<Buffer>
  /** Packed size of a member, bytes. */
  sizeOf(name: string): number
}

/**
 * Opens a zip archive, hands it over, and closes it.
 *
 * @param name of the archive, for messages
 * @throws PosttrainError `invalid-data` for a damaged archive, and for one that grows as no log does
 */
export async function withZipArchive<T>(
  stored: Stored,
  name: string,
  use: (archive: ZipArchive) => Promise<T>,
): Promise<T> {
  const options = { autoClose: false, lazyEntries: true }
  const open = 'path' in stored ? openPromise(stored.path, options) : fromBufferPromise(stored.bytes, options)
  const zip = await open.catch((error: unknown) => {
    throw damaged(name, error)
  })
  try {
    const members = new Map<string, Entry>()
    try {
      for await (const entry of zip.eachEntry()) members.set(entry.fileName, entry)
    } catch (error) {
      throw damaged(name, error)
    }
    const guard = growthGuard(name)
    let [packed, unpacked] = [0, 0]
    const grown = (more: number, taken: number): void => guard((packed += taken), (unpacked += more))
    return await use({
      names: [...members.keys()],
      read: (member) => readMember(zip, members.get(member)!, `${name}, ${member}`, grown),
      sizeOf: (member) => members.get(member)!.compressedSize,
    })
  } finally {
    zip.close()
  }
}

async function readMember(
  zip: ZipFile,
  entry: Entry,
  where: string,
  grown: (unpacked: number, packed: number) => void,
): Promise<Buffer> {
  const { uncompressedSize: size, compressionMethod: method } = entry
  if (size > LARGEST_WHOLE) throw invalidData(`${where} is larger than ${LARGEST_WHOLE / 2 ** 20} MiB`, HINT)
  if (!entry.canDecodeFileData() && method !== ZSTD_METHOD) {
    throw invalidData(`${where} is encrypted or packed by method ${method}`, 'deflate and zstd are read')
  }
  const parts: Uint8Array[] = []
  let held = 0
  try {
    const raw: Chunks = await zip.openReadStreamPromise(entry, method === ZSTD_METHOD ? { decodeFileData: false } : {})
    for await (const part of method === ZSTD_METHOD ? unzstd(raw, where) : raw) {
      parts.push(part)
      if ((held += part.length) > size) break
    }
  } catch (error) {
    throw damaged(where, error)
  }
  const bytes = Buffer.concat(parts)
  if (held !== size || crc32(bytes) !== entry.crc32) throw damaged(where, new Error('its checksum is another'))
  grown(size, entry.compressedSize)
  return bytes
}

const HINT = 'copy it again'

const damaged = (where: string, error: unknown): Error =>
  invalidData(`${where} is damaged: ${error instanceof Error ? error.message : String(error)}`, HINT, error)
