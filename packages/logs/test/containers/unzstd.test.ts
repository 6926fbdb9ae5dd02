import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import xxhash from 'xxhash-wasm'
import { isZstd, unzstd } from '../../src/containers/unzstd.js'

const { h64Raw } = await xxhash()

/** The numbers from 1 to 60 behind a sentence, as the command `zstd --check` packs it. */
const PACKED = Buffer.from(
  'KLUv/STozQMAEowbF3BJmg7dJ0QkDVVVKGwiZG8p4hJVv5ssAIuxqUtN6lFXTXVr1qtFbehCE3rQRRNdmvRoQZteOumjV6fezr4uuuGFEz54ceLl5OOCm1022WPXpt3NvS22uUwe13TnW6BgcAjOA4VzwHBwEB4KEgICAEUVo2JBAtd7xW0=',
  'base64',
)
const SENTENCE = 'the same, the same, the same, the same, and the same again:'
const TEXT = `${SENTENCE} ${Array.from({ length: 60 }, (_, i) => `${i + 1} `).join('')}\n`

/** A frame of blocks as they are, without a content size: magic, descriptor, window, blocks, checksum. */
function frameOf(blocks: readonly Uint8Array[], hasChecksum: boolean): Buffer {
  const heads = blocks.map(({ length }, i) => {
    const head = Buffer.alloc(3)
    head.writeUIntLE((length << 3) | (i === blocks.length - 1 ? 1 : 0), 0, 3)
    return head
  })
  const checksum = Buffer.alloc(hasChecksum ? 4 : 0)
  if (hasChecksum) checksum.writeUInt32LE(Number(h64Raw(Buffer.concat(blocks)) & 0xffffffffn))
  const start = [0x28, 0xb5, 0x2f, 0xfd, hasChecksum ? 4 : 0, 0x50]
  return Buffer.concat([Buffer.from(start), ...blocks.flatMap((block, i) => [heads[i]!, block]), checksum])
}

/** A frame that readers skip: a magic of sixteen, a size, and anything. */
function skippable(which: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x184d2a50 + which)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}

async function unpack(packed: Uint8Array, piece = packed.length): Promise<Buffer> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < packed.length; at += piece) yield packed.subarray(at, at + piece)
  }
  const parts: Uint8Array[] = []
  for await (const part of unzstd(chunks(), 'log')) parts.push(Uint8Array.from(part))
  return Buffer.concat(parts)
}

const blocks = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 })
const frame = fc.oneof(
  fc.record({ blocks, hasChecksum: fc.boolean() }),
  fc.record({ which: fc.nat(15), skipped: fc.uint8Array({ maxLength: 50 }) }),
)

describe('unzstd', () => {
  it('unpacks what the command packs', async () => {
    expect((await unpack(PACKED)).toString()).toBe(TEXT)
  })

  it('unpacks frames one after the other, and skips those of something else, however the bytes come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 99 }),
        async (all, piece) => {
          const packed = all.map((one) => {
            return 'blocks' in one ? frameOf(one.blocks, one.hasChecksum) : skippable(one.which, one.skipped)
          })
          expect(isZstd(packed[0]!.subarray(0, 4))).toBe(true)
          const expected = Buffer.concat(all.flatMap((one) => ('blocks' in one ? one.blocks : [])))
          expect((await unpack(Buffer.concat(packed), piece)).equals(expected)).toBe(true)
        },
      ),
    ))

  it('gives no other text where a bit is another, or where an end is missing', async () => {
    const unpacked = async (packed: Uint8Array): Promise<string> => {
      try {
        return (await unpack(packed)).toString()
      } catch (error) {
        expect(error).toMatchObject({
          code: 'invalid-data',
          message: expect.stringMatching(/^log is a damaged zstd file: /) as string,
        })
        return 'refused'
      }
    }
    let refused = 0
    for (let bit = 0; bit < PACKED.length * 8; bit++) {
      const other = Uint8Array.from(PACKED)
      other[bit >> 3]! ^= 1 << (bit & 7)
      // Some bits say nothing here: that the window is larger, or a table longer.
      const text = await unpacked(other)
      if (text === 'refused') refused++
      else expect(text).toBe(TEXT)
    }
    expect(refused).toBeGreaterThanOrEqual(PACKED.length * 8 - 12)
    for (let end = 1; end < PACKED.length; end++) expect(await unpacked(PACKED.subarray(0, end))).toBe('refused')
  })

  it('refuses what stands behind a frame and is none', async () => {
    await expect(unpack(Buffer.concat([PACKED, Buffer.from('more')]))).rejects.toThrow(
      'log is a damaged zstd file: something else stands between its frames',
    )
  })
})
