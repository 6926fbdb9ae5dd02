import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { growthGuard } from '../../src/containers/growth.js'
import { unpacked } from '../../src/containers/unpacked.js'
import { bytesOf } from '../formats/reading.js'

const MIB = 2 ** 20
const MESSAGE = 'log unpacks to more than 300 times its size, which no log does'

describe('growthGuard', () => {
  it('allows anything up to 256 MiB, and 300 times the packed size beyond', () => {
    const guard = growthGuard('log')
    guard(1, 256 * MIB)
    guard(MIB, 300 * MIB)
    expect(() => guard(MIB, 300 * MIB + 1)).toThrow(MESSAGE)
  })

  it('stops a file that grows without end', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * MIB), { level: 9 })
    let out = 0
    const unpack = async (): Promise<void> => {
      for await (const chunk of unpacked(bytesOf(bomb).bytes, 'log')) out += chunk.length
    }
    await expect(unpack()).rejects.toThrow(MESSAGE)
    expect(out).toBeLessThan(257 * MIB)
  })
})
