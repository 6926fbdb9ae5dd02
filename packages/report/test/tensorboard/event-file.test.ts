import { readFileSync } from 'node:fs'
import { tensorBoardEvents, type TensorBoardStep } from '@posttrain/report'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c, maskedCrc32c } from '../../src/tensorboard/crc32c.js'
import { maskedBitByBit, readEvents } from './read-events.js'

interface Golden {
  readonly wallTime: number
  readonly steps: readonly TensorBoardStep[]
  /** Hexadecimal. */
  readonly file: string
}
const golden = JSON.parse(
  readFileSync(new URL('../../../../tools/golden/tensorboard-events.json', import.meta.url), 'utf8'),
) as Golden

describe('crc32c', () => {
  it('is that of RFC 3720', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array())).toBe(0)
  })

  it('is masked as TFRecords do', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => maskedCrc32c(bytes) === maskedBitByBit(bytes)))
  })
})

describe('tensorBoardEvents', () => {
  it("gives the bytes of TensorBoard's own writer", () => {
    expect(Buffer.from(tensorBoardEvents(golden.steps, golden.wallTime)).toString('hex')).toBe(golden.file)
  })

  it('is read back as it was, by a reader that shares nothing with it', () => {
    const steps = fc.array(
      fc.record({
        step: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        scalars: fc.dictionary(
          fc.string({ unit: 'grapheme', maxLength: 300 }),
          fc.float({ noNaN: true, noDefaultInfinity: true }),
        ),
      }),
    )
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 4e9, noNaN: true }), (given, wallTime) => {
        const [first, ...others] = readEvents(tensorBoardEvents(given, wallTime))
        expect(first).toEqual({ wallTime, step: 0, fileVersion: 'brain.Event:2', scalars: [] })
        const expected = given.map(({ step, scalars }) => ({ wallTime, step, scalars: Object.entries(scalars) }))
        expect(others).toEqual(expected)
      }),
    )
  })

  it('refuses what the format cannot say', () => {
    expect(() => tensorBoardEvents([{ step: -1, scalars: {} }], 0)).toThrow('steps[0].step')
    expect(() => tensorBoardEvents([{ step: 0.5, scalars: {} }], 0)).toThrow('steps[0].step')
    expect(() => tensorBoardEvents([{ step: 3, scalars: { reward: NaN } }], 0)).toThrow('reward at step 3')
    expect(() => tensorBoardEvents([], NaN)).toThrow('wallTime')
  })
})
