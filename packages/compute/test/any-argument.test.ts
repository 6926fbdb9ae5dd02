import type { Device, DeviceBuffer, DType } from '@posttrain/compute'
import { createReferenceDevice } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AnySignature } from '../src/checks/signature.js'
import { signatures } from '../src/checks/signatures/index.js'
import type { KernelName } from '../src/kernels.js'
import { devices } from './support/devices.js'
import { openOrSkip } from './support/open-or-skip.js'

type Call = (...args: unknown[]) => unknown

/** What a call did: `ok`, or the code and message of a PosttrainError. Anything else that it throws fails the test. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    await call()
    return 'ok'
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    return `${error.code}: ${error.message}`
  }
}

async function isUsable(device: Device): Promise<boolean> {
  const buffer = device.allocate(2)
  device.write(buffer, [3, 4])
  const sum = await device.sumOfSquares(buffer)
  buffer.dispose()
  return sum === 25
}

describe.each(Object.keys(devices))('whatever is given to %s', (name) => {
  let device: Device

  beforeEach(async (test) => {
    device = await openOrSkip(name, test)
  })

  it('as data is numbers that the buffer holds, or is refused', async () => {
    const [floats, integers] = [device.allocate(2), device.allocate(2, 'i32')]
    const write = (buffer: DeviceBuffer, data: unknown): Promise<string> =>
      outcome(() => (device.write as Call)(buffer, data))
    const notAnArray = (found: string): string =>
      `invalid-argument: write: data must be an array of 2 numbers, but is ${found}`
    expect(await write(floats, null)).toBe(notAnArray('null'))
    expect(await write(floats, undefined)).toBe(notAnArray('undefined'))
    expect(await write(floats, 'ab')).toBe(notAnArray('string'))
    expect(await write(floats, 7)).toBe(notAnArray('number'))
    expect(await write(floats, [1])).toBe('invalid-argument: write: data must have 2 entries, but has 1')
    expect(await write(floats, { length: 2 })).toContain('write: data[0] must be a number, but is undefined')
    expect(await write(floats, [1, '2'])).toContain('write: data[1] must be a number, but is a string')
    expect(await write(floats, [1n, 2n])).toContain('write: data[0] must be a number, but is a bigint')
    expect(await write(floats, BigInt64Array.of(1n, 2n))).toContain('data[0] must be a number, but is a bigint')
    expect(await write(floats, [null, 1])).toContain('write: data[0] must be a number, but is null')
    expect(await write(floats, [NaN, -Infinity])).toBe('ok')
    for (const data of [[-1.9, NaN], Float64Array.of(-1.9, NaN)]) {
      expect(await write(integers, data)).toBe('ok')
      expect([...(await device.read(integers))]).toEqual([-1, 0])
    }
    expect(await isUsable(device)).toBe(true)
  })

  it('as a value to fill with is a number that the buffer holds, or is refused', async () => {
    const [floats, integers] = [device.allocate(2), device.allocate(2, 'i32')]
    const fill = (buffer: unknown, value: unknown): Promise<string> =>
      outcome(() => (device.fill as Call)(buffer, value))
    for (const value of [1n, 'x', undefined, null, {}]) {
      expect(await fill(floats, value)).toContain('invalid-argument: fill: value must be a number')
      expect(await fill(integers, value)).toContain('invalid-argument: fill: value must be a number')
    }
    expect(await fill(floats, 2.5)).toBe('ok')
    expect([...(await device.read(floats))]).toEqual([2.5, 2.5])
  })

  it('as a length or type is one, or is refused', async () => {
    const allocate = (length: unknown, dtype?: unknown): Promise<string> =>
      outcome(() => (device.allocate as Call)(length, dtype))
    for (const dtype of ['F32', 'f64', 'I32', '', null, '__proto__', 32]) {
      expect(await allocate(2, dtype)).toContain('invalid-argument: allocate: dtype must be one of f32, i32')
    }
    for (const length of [-1, 1.5, NaN, Infinity, 2 ** 53, '4', null, undefined, {}, [4], 4n, true]) {
      expect(await allocate(length)).toContain('invalid-argument: allocate: length must be an integer')
    }
    expect(device.allocatedBytes).toBe(0)
    expect(await allocate(2 ** 53 - 1)).toMatch(/^unsupported: /)
    expect(device.allocatedBytes).toBe(0)
  })

  it('as a buffer is one of its own that lives, or is refused', async () => {
    const own = device.allocate(2)
    const dead = device.allocate(2)
    dead.dispose()
    const prototype: object = Object.getPrototypeOf(own)
    const forged = Object.assign(Object.create(prototype), { allocation: { live: true, storage: 0 }, length: 2 })
    const stretched = Object.assign(device.allocate(2), { length: 1e9 })
    const moved = Object.assign(device.allocate(4).view(2, 2), { offset: 3 })
    const buffers: unknown[] = [dead, createReferenceDevice().allocate(2), null, undefined, [1, 2], {}, forged]
    for (const bad of [...buffers, Object.create(prototype), stretched, moved]) {
      const buffer = bad as DeviceBuffer
      const calls: (() => unknown)[] = [
        () => device.write(buffer, [1, 2]),
        () => device.read(buffer),
        () => device.fill(buffer, 1),
        () => device.copy(buffer, own),
        () => device.copy(own, buffer),
        () => device.sumOfSquares(buffer),
        () => device.add({ length: 2, x: buffer, out: own }),
      ]
      for (const call of calls) expect(await outcome(call)).toMatch(/^invalid-argument: \w+: \w+ (must be|was|has)/)
    }
    for (const [offset, length] of [
      [-1, 2],
      [0, 3],
      [2, 1],
      [0.5, 1],
      [NaN, 1],
      [0, NaN],
      [2 ** 53, 1],
      [0, -1],
    ] as const) {
      expect(await outcome(() => own.view(offset, length))).toMatch(/^invalid-argument: view: /)
    }
    expect(await isUsable(device)).toBe(true)
  })

  it('as arguments of a kernel is right, or is refused; empty work of any size is none', async () => {
    const lengths = [0, 1, 4]
    const buffers: Record<DType, DeviceBuffer[]> = {
      f32: lengths.map((length) => device.allocate(length)),
      i32: lengths.map((length) => device.allocate(length, 'i32')),
    }
    const sizes: unknown[] = [
      0,
      1,
      2,
      -1,
      1.5,
      NaN,
      2 ** 31,
      2 ** 32,
      2 ** 32 + 1,
      2 ** 53 - 1,
      '2',
      null,
      undefined,
      2n,
    ]
    const settings = { kind: 'gelu', temperature: 1, learningRate: 1, betas: [0.9, 0.9], epsilon: 1, weightDecay: 0 }
    let done = 0
    for (const kernel of Object.keys(signatures) as KernelName[]) {
      const run = device[kernel] as Call
      const signature: AnySignature = signatures[kernel]
      const names = Object.keys(signature.sizes)
      const given = (size: (i: number) => unknown, buffer: number): object => ({
        ...settings,
        gradientScale: 1,
        ...Object.fromEntries(names.map((one, i) => [one, size(i)])),
        ...Object.fromEntries(
          Object.entries(signature.buffers).map(([one, { dtype }]) => [one, buffers[dtype][buffer]!]),
        ),
      })
      for (const wrong of [undefined, null, 7, 'x', {}]) expect(await outcome(() => run(wrong))).not.toBe('ok')
      for (let first = 0; first < sizes.length; first++) {
        for (let rest = 0; rest < sizes.length; rest++) {
          for (let buffer = 0; buffer < lengths.length; buffer++) {
            const args = given((i) => sizes[i === 0 ? first : rest], buffer)
            if ((await outcome(() => run(args))) === 'ok') done++
          }
        }
      }
      expect(await isUsable(device)).toBe(true)
    }
    expect(done).toBeGreaterThan(100)
    const [empty] = buffers.f32
    const heads = { batch: 0, length: 1, heads: 2 ** 32, keyValueHeads: 2 ** 32, headSize: 1 }
    const nothing = { qkv: empty!, out: empty!, probabilities: empty! }
    expect(await outcome(() => device.attention({ ...heads, ...nothing }))).toBe('ok')
    expect(await isUsable(device)).toBe(true)
  })
})
