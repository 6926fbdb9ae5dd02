import { crc32, deflateRawSync } from 'node:zlib'

/** A member of an archive that a test makes. */
export interface Member {
  readonly name: string
  readonly content: string | Buffer
  /** As it is packed, where it is neither stored nor deflate. */
  readonly packed?: Buffer
  readonly method?: number
  /** The size and the checksum that the archive claims, where they are not the true ones. */
  readonly size?: number
  readonly crc?: number
}

/** The bytes of a zip archive. */
export function zipOf(members: readonly Member[]): Buffer {
  const parts: Buffer[] = []
  const table: Buffer[] = []
  let offset = 0
  for (const { name, content, method = 8, packed, size, crc } of members) {
    const plain = Buffer.from(content)
    const data = packed ?? (method === 8 ? deflateRawSync(plain) : plain)
    const title = Buffer.from(name)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x800, 2) // names in UTF-8
    shared.writeUInt16LE(method, 4)
    shared.writeUInt32LE(crc ?? crc32(plain), 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(size ?? plain.length, 18)
    shared.writeUInt16LE(title.length, 22)
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, title, data])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    table.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), shared, place, title]))
    parts.push(head)
    offset += head.length
  }
  const directory = Buffer.concat(table)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end])
}
